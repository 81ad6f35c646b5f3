import FunctionContract
import Glibc
import Testing

@Suite("A function on AWS's Lambda emulator", .ownThread)
struct LambdaEmulatorTests {
    @Test("One process answers call after call, whatever the results")
    func calls() throws {
        let emulator = try LambdaEmulator("test-scenarios")
        defer { emulator.end() }
        let first = try emulator.invoke(#"{"rawPath":"/process"}"#)
        #expect(first.status == 200)
        #expect(first.body["statusCode"] == 200)

        let failed = try emulator.invoke(#"{"rawPath":"/fail"}"#).body
        #expect(failed["errorType"] == "OutOfPaper")
        #expect(failed["errorMessage"] == "OutOfPaper(sheets: 0)")
        #expect(try emulator.invoke(#"{"rawPath":"/reject"}"#).body["statusCode"] == 422)
        #expect(try emulator.invoke("garbage").body["errorType"] == "MalformedEvent")
        #expect(try emulator.invoke("").body["errorType"] == "MalformedEvent")

        #expect(
            try emulator.invoke(#"{"rawPath":"/process"}"#).body
                == first.body["body"].map {
                    [
                        "statusCode": 200, "headers": ["content-type": "application/json"],
                        "body": $0, "isBase64Encoded": false,
                    ]
                }
        )
    }

    @Test("A reply may have Lambda's limit, and one byte more is an error")
    func limit() throws {
        let emulator = try LambdaEmulator("test-scenarios")
        defer { emulator.end() }
        let overhead = Reply.http(.text("")).bytes.count
        func event(_ count: Int) -> String {
            #"{"rawPath":"/large","rawQueryString":"count=\#(count)"}"#
        }
        let longest = try emulator.send(Array(event(Limits.replyBytes - overhead).utf8))
        #expect(longest.body.count == Limits.replyBytes)
        let longer = try emulator.invoke(event(Limits.replyBytes - overhead + 1)).body
        #expect(longer["errorType"] == "Function.ResponseSizeTooLarge")
        #expect(try emulator.invoke(#"{"rawPath":"/print"}"#).body["body"] == "clean")
    }

    @Test("The function gets the platform's deadline")
    func deadline() throws {
        let emulator = try LambdaEmulator("test-scenarios", timeoutSeconds: 100)
        defer { emulator.end() }
        let body = try FunctionUnderTest.echoed(
            try emulator.invoke(#"{"rawPath":"/remaining"}"#).body
        )
        let milliseconds = try #require(body["milliseconds"]?.integer)
        // Far from the 15 minutes of an event without a deadline.
        #expect((40_000...100_000).contains(milliseconds))
    }

    @Test("The platform's request id appears in the answer and in the log")
    func names() throws {
        let emulator = try LambdaEmulator("test-scenarios", environment: ["LOG_LEVEL": "debug"])
        defer { emulator.end() }
        let name = try emulator.invoke(#"{"rawPath":"/log"}"#).body["body"]
        let lines = try emulator.log(2) { $0["password"] != nil }
        #expect(lines.map { $0["level"] } == ["debug", "info"])
        #expect(lines.allSatisfy { $0["requestId"] == name && $0["password"] == "[redacted]" })
    }

    @Test("After a timeout or an exit a new process takes the next call")
    func recovery() throws {
        let gate = try Gate()
        let emulator = try LambdaEmulator("test-scenarios", timeoutSeconds: 5)
        defer { emulator.end() }
        let process = try emulator.invoke(#"{"rawPath":"/process"}"#).body["body"]
        let late = try emulator.send(
            Array(#"{"rawPath":"/wait","rawQueryString":"fifo=\#(gate.path)"}"#.utf8)
        )
        #expect(String(decoding: late.body, as: UTF8.self).contains("Task timed out after 5.00"))
        let second = try emulator.invoke(#"{"rawPath":"/process"}"#).body["body"]
        #expect(second != nil && second != process)

        let ended = try emulator.invoke(#"{"rawPath":"/exit","rawQueryString":"count=3"}"#)
        #expect(ended.status == 502)
        #expect(ended.body["errorType"] == "Runtime.ExitError")
        let third = try emulator.invoke(#"{"rawPath":"/process"}"#).body["body"]
        #expect(third != nil && third != second)
    }

    @Test("A failed preparation is the answer to every call")
    func preparation() throws {
        let environment = ["PREPARATION_FAILS": "no route to host"]
        let emulator = try LambdaEmulator("test-prepared", environment: environment)
        defer { emulator.end() }
        for _ in 0..<2 {
            let answer = try emulator.invoke("{}")
            #expect(answer.status == 502)
            #expect(answer.body["errorType"] == "NoDatabase")
            #expect(answer.body["errorMessage"] == "no route to host")
        }
    }

    @Test("State lives as long as the process")
    func state() throws {
        let emulator = try LambdaEmulator("test-prepared")
        defer { emulator.end() }
        for calls in 1...3 {
            let body = try emulator.invoke("{}").body["body"]?.string
            #expect(body == #"{"calls":\#(calls)}"#)
        }
    }

    @Test("An API Gateway event arrives completely")
    func httpAPI() throws {
        let emulator = try LambdaEmulator("echo")
        defer { emulator.end() }
        let sent = try JSONParser.parse(Array(AWSEvents.httpAPI.utf8))
        let answer = try emulator.invoke(AWSEvents.httpAPI)
        #expect(try FunctionUnderTest.echoed(answer.body) == sent)
    }

    @Test("AWS schedules and queues become schedule and queue events")
    func schedulesAndQueues() throws {
        let emulator = try LambdaEmulator("test-batch")
        defer { emulator.end() }
        let scheduled = try emulator.invoke(AWSEvents.schedule)
        #expect(scheduled.body == ["processed": 1234, "remaining": 0])
        _ = try emulator.log(1) { $0["name"] == "nightly-sweep" }
        let queued = try emulator.invoke(AWSEvents.queue)
        #expect(queued.body == ["processed": 4, "remaining": 0])
    }
}
