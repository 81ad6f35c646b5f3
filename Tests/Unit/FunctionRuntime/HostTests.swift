import Testing

@testable import FunctionRuntime

@Suite("The environment identifies the host")
struct HostTests {
    @Test(
        "The variables that are set decide",
        arguments: [
            ([:], Host.oneShot),
            (["FUNCTION_STREAM": "1"], .stream),
            (["FUNCTION_STREAM": "0"], .oneShot),
            (["FUNCTION_STREAM": ""], .oneShot),
            (["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"], .lambda("127.0.0.1:9001")),
            (["AWS_LAMBDA_RUNTIME_API": ""], .oneShot),
            (["__OW_WAIT_FOR_ACK": ""], .actionLoop),
            (["__OW_API_HOST": "http://host"], .actionLoop),
            (["Http_Method": "GET"], .watchdog),
            (["Http_Path": "/x"], .oneShot),
            (["HTTP_METHOD": "GET"], .oneShot),
        ] as [([String: String], Host)]
    )
    func detection(_ variables: [String: String], _ host: Host) {
        #expect(Host(Environment(variables)) == host)
    }

    @Test("If several hosts match, the most specific one wins")
    func precedence() {
        var variables = ["FUNCTION_STREAM": "1", "Http_Method": "GET"]
        #expect(Host(Environment(variables)) == .watchdog)
        variables["__OW_ACTIVATION_ID"] = "1"
        #expect(Host(Environment(variables)) == .actionLoop)
        variables["AWS_LAMBDA_RUNTIME_API"] = "h:1"
        #expect(Host(Environment(variables)) == .lambda("h:1"))
    }

    @Test(
        "stdout is reserved for replies if the host reads them there",
        arguments: [
            (Host.oneShot, true), (.stream, true), (.watchdog, true), (.actionLoop, false),
            (.lambda("h:1"), false),
        ]
    )
    func standardOutput(_ host: Host, _ takes: Bool) {
        #expect(host.takesRepliesOnStandardOutput == takes)
    }

    @Test("An empty variable counts as not set")
    func emptyVariables() {
        let environment = Environment(["EMPTY": "", "FULL": "x"])
        #expect(environment["EMPTY"] == nil)
        #expect(environment["FULL"] == "x")
        #expect(environment["MISSING"] == nil)
    }
}
