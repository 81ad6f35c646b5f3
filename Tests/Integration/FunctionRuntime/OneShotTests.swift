import FunctionContract
import FunctionRuntime
import Glibc
import Testing

@Suite("One event on stdin, one reply on stdout", .ownThread)
struct OneShotTests {
    @Test(
        "The JSON of an event may contain any whitespace and line breaks",
        arguments: [
            #"{"rawPath":"/x"}"#,
            "{\n  \"rawPath\": \"/x\"\n}\n",
            "\n\n{\r\n\t\"rawPath\"\r\n:\r\n\"/x\"}\r\n\n",
        ]
    )
    func formats(_ event: String) throws {
        let process = try FinishedProcess(calling: "echo", event)
        #expect(process.exit == .code(0))
        #expect(try FunctionUnderTest.echoed(try process.reply())["rawPath"] == "/x")
        #expect(process.output.last == UInt8(ascii: "\n"))
        #expect(process.errorText.isEmpty)
    }

    @Test("The function health-check answers")
    func health() throws {
        let event = #"{"rawPath":"/api/health","requestContext":{"http":{"method":"GET"}}}"#
        let process = try FinishedProcess(calling: "health-check", event)
        #expect(process.exit == .code(0))
        #expect(try FunctionUnderTest.echoed(try process.reply()) == ["status": "ok"])
    }

    @Test(
        "An invalid event is a failure with exit code 1",
        arguments: [
            "", "  \n", "garbage", "{", "[]", "null", "{} {}", "\u{FEFF}{}", #"{"body":1}"#,
        ]
    )
    func garbage(_ event: String) throws {
        let process = try FinishedProcess(calling: "echo", event)
        #expect(process.exit == .code(1))
        let reply = try process.reply()
        #expect(reply["errorType"] == "MalformedEvent")
        #expect(reply["errorMessage"]?.string?.isEmpty == false)
    }

    @Test("Bytes that are not UTF-8 are a failure, not a trap")
    func invalidText() throws {
        let bytes = Array(#"{"rawPath":""#.utf8) + [0xFF, 0xC3, 0x28] + Array(#""}"#.utf8)
        let process = try FinishedProcess(running: try BuiltProduct.path("echo"), input: bytes)
        #expect(process.exit == .code(1))
        #expect(try process.reply()["errorType"] == "MalformedEvent")
    }

    @Test("A failing function reports the reason on both streams and exits with 1")
    func failures() throws {
        let process = try FinishedProcess(calling: "test-scenarios", #"{"rawPath":"/fail"}"#)
        #expect(process.exit == .code(1))
        let reply = try process.reply()
        #expect(reply["errorType"] == "OutOfPaper")
        #expect(reply["errorMessage"] == "OutOfPaper(sheets: 0)")
        let entry = try #require(try process.logEntries().first)
        #expect(entry["level"] == "error")
        #expect(entry["function"] == "test-scenarios")
        #expect(entry["message"] == "OutOfPaper(sheets: 0)")
    }

    @Test(
        "An HTTP reply is no failure, whatever its status",
        arguments: [(#"{"rawPath":"/reject"}"#, 422), (status(503), 503), (status(204), 204)]
    )
    func statuses(_ event: String, _ status: Int) throws {
        let process = try FinishedProcess(calling: "test-scenarios", event)
        #expect(process.exit == .code(0))
        #expect(try process.reply()["statusCode"] == .integer(status))
    }

    private static func status(_ status: Int) -> String {
        #"{"rawPath":"/status","rawQueryString":"count=\#(status)"}"#
    }

    @Test("A reply over the limit becomes a failure")
    func largeReply() throws {
        let count = Limits.replyBytes
        let event = #"{"rawPath":"/large","rawQueryString":"count=\#(count)"}"#
        let process = try FinishedProcess(calling: "test-scenarios", event)
        #expect(process.exit == .code(1))
        #expect(try process.reply()["errorType"] == "Function.ResponseSizeTooLarge")
    }

    @Test("A library's output to stdout never reaches the reply")
    func noise() throws {
        let process = try FinishedProcess(calling: "test-scenarios", #"{"rawPath":"/print"}"#)
        #expect(try process.reply()["body"] == "clean")
        #expect(process.errorText.contains("noise by print"))
        #expect(process.errorText.contains("noise by write"))
    }

    @Test("A failed preparation becomes the reply")
    func preparation() throws {
        let process = try FinishedProcess(
            calling: "test-prepared",
            "{}",
            environment: ["PREPARATION_FAILS": "no route to host"]
        )
        #expect(process.exit == .code(1))
        let reply = try process.reply()
        #expect(reply == ["errorType": "NoDatabase", "errorMessage": "no route to host"])
        #expect(process.errorText.contains("no route to host"))
    }

    @Test("A closed stdout is reported with a clear error")
    func brokenOutput() throws {
        let process = try ChildProcess(try BuiltProduct.path("echo"))
        defer { process.end() }
        process.closeOutput()
        process.feed("{}")
        process.closeInput()
        #expect(try process.waitForExit() == .code(1))
        let errors = String(decoding: try process.everything(of: 2), as: UTF8.self)
        #expect(errors.contains("write failed: Broken pipe"))
    }

    @Test("A closed stderr does not affect the reply")
    func brokenLog() throws {
        let process = try ChildProcess(try BuiltProduct.path("test-scenarios"))
        defer { process.end() }
        process.closeOutput(2)
        process.feed(#"{"rawPath":"/flood","rawQueryString":"count=100"}"#)
        process.closeInput()
        let reply = try JSONParser.parse(try process.everything())
        #expect(reply["body"] == "flooded")
        #expect(try process.waitForExit() == .code(0))
    }
}

@Suite("Arguments of a function", .ownThread)
struct FunctionArgumentTests {
    @Test("--help explains the usage", arguments: ["--help", "-h"])
    func help(_ argument: String) throws {
        let process = try FinishedProcess(running: try BuiltProduct.path("echo"), [argument])
        #expect(process.exit == .code(0))
        #expect(process.outputText.contains("echo < event.json"))
        #expect(process.outputText.contains("FUNCTION_STREAM=1"))
        #expect(process.errorText.isEmpty)
    }

    @Test("Any other argument is refused with exit code 2", arguments: ["--version", "x", ""])
    func unknown(_ argument: String) throws {
        let process = try FinishedProcess(running: try BuiltProduct.path("echo"), [argument])
        #expect(process.exit == .code(2))
        #expect(process.output.isEmpty)
        #expect(process.errorText.contains("unknown argument \"\(argument)\""))
        #expect(process.errorText.contains("--help"))
    }
}
