import FunctionContract
import Glibc
import Testing

@Suite("One event a line, one reply a line", .ownThread)
struct StreamTests {
    @Test("One process answers many events in order")
    func order() throws {
        let process = try ChildProcess.stream("echo")
        defer { process.end() }
        let paths = (0..<500).map { "/\($0)" }
        for path in paths { process.feed(#"{"rawPath":"\#(path)"}"# + "\n") }
        process.closeInput()
        for path in paths {
            let reply = try JSONParser.parse(try #require(try process.line()))
            #expect(try FunctionUnderTest.echoed(reply)["rawPath"]?.string == path)
        }
        #expect(try process.line() == nil)
        #expect(try process.waitForExit() == .code(0))
    }

    @Test("State lives as long as the process")
    func state() throws {
        let process = try ChildProcess.stream("test-prepared")
        defer { process.end() }
        for calls in 1...5 {
            #expect(try process.call("{}")["body"]?.string == #"{"calls":\#(calls)}"#)
        }
        let event = #"{"specversion":"1.0","id":"1","source":"/","type":"relais.queue.ready"}"#
        #expect(try process.call(event)["processed"] == 6)
    }

    @Test("The largest bodies pass in both directions, and the next event is answered")
    func largeBodies() throws {
        let process = try ChildProcess.stream("test-scenarios")
        defer { process.end() }
        let body = String(repeating: "b", count: Limits.bodyBytes)
        for _ in 0..<2 {
            #expect(
                try process.call(#"{"rawPath":"/cookies","body":"\#(body)"}"#)["body"] == "sweet"
            )
        }
        let count = Limits.replyBytes - 200
        let large = try process.call(#"{"rawPath":"/large","rawQueryString":"count=\#(count)"}"#)
        #expect(large["body"]?.string?.utf8.count == count)
        #expect(try process.call(#"{"rawPath":"/cookies"}"#)["body"] == "sweet")
    }

    @Test("Blank lines are ignored")
    func blankLines() throws {
        let process = try ChildProcess.stream("test-prepared")
        defer { process.end() }
        process.feed("\n  \n\r\n{}\r\n\n\t\n{}\n\n")
        process.closeInput()
        let output = String(decoding: try process.everything(), as: UTF8.self)
        #expect(output.split(separator: "\n").count == 2)
        #expect(output.contains("calls\\\":2"))
        #expect(try process.waitForExit() == .code(0))
    }

    @Test("The last event needs no line feed")
    func missingLineFeed() throws {
        let process = try ChildProcess.stream("echo")
        defer { process.end() }
        process.feed(#"{"rawPath":"/last"}"#)
        process.closeInput()
        let reply = try JSONParser.parse(try #require(try process.line()))
        #expect(try FunctionUnderTest.echoed(reply)["rawPath"] == "/last")
        #expect(try process.waitForExit() == .code(0))
    }

    @Test("An empty stdin is a successful end")
    func noEvents() throws {
        let process = try ChildProcess.stream("echo")
        defer { process.end() }
        process.closeInput()
        #expect(try process.everything().isEmpty)
        #expect(try process.waitForExit() == .code(0))
    }

    @Test("An event may be split at any byte")
    func splitEvents() throws {
        let process = try ChildProcess.stream("echo")
        defer { process.end() }
        let event = Array(#"{"rawPath":"/é漢👩‍👧"}"#.utf8)
        for split in 1..<event.count {
            process.feed(Array(event[..<split]))
            // The first part has left the pipe before the second goes in.
            try process.wait("the first part to be read") { process.hasUnreadInput ? nil : true }
            process.feed(Array(event[split...]) + [UInt8(ascii: "\n")])
            let reply = try JSONParser.parse(try #require(try process.line()))
            #expect(try FunctionUnderTest.echoed(reply)["rawPath"] == "/é漢👩‍👧")
        }
    }

    @Test("Failures become replies, and the process continues")
    func failures() throws {
        let process = try ChildProcess.stream("test-scenarios")
        defer { process.end() }
        let id = try process.call(#"{"rawPath":"/process"}"#)
        #expect(try process.call(#"{"rawPath":"/fail"}"#)["errorType"] == "OutOfPaper")
        #expect(try process.call("garbage")["errorType"] == "MalformedEvent")
        let large = #"{"rawPath":"/large","rawQueryString":"count=7000000"}"#
        #expect(try process.call(large)["errorType"] == "Function.ResponseSizeTooLarge")
        #expect(try process.call(#"{"rawPath":"/print"}"#)["body"] == "clean")
        #expect(
            try process.call(#"{"rawPath":"/flood","rawQueryString":"count=2000"}"#)["body"]
                == "flooded"
        )
        #expect(try process.call(#"{"rawPath":"/process"}"#) == id)
    }

    @Test("A warm process opens no further descriptors or processes")
    func descriptors() throws {
        let process = try ChildProcess.stream("test-scenarios")
        defer { process.end() }
        let events = [#"{"rawPath":"/fail"}"#, #"{"rawPath":"/binary"}"#, "garbage", "{}"]
        for event in events { _ = try process.call(event) }
        let before = ProcessTable.descriptors(of: process.id)
        for event in events + events { _ = try process.call(event) }
        #expect(ProcessTable.descriptors(of: process.id) == before)
        #expect(before?.count == 4)
        #expect(ProcessTable.children(of: process.id).isEmpty)
    }

    @Test("An endless event is refused at the limit")
    func endlessEvent() throws {
        let process = try ChildProcess.stream("echo")
        defer { process.end() }
        process.feed([UInt8](repeating: UInt8(ascii: " "), count: Limits.eventBytes + 70_000))
        let reply = try JSONParser.parse(try #require(try process.line(within: .seconds(60))))
        #expect(reply["errorType"] == "EventTooLarge")
        #expect(try process.waitForExit() == .code(1))
    }

    @Test("A failed preparation ends the process before its first reply")
    func preparation() throws {
        let environment = ["PREPARATION_FAILS": "no route to host"]
        let process = try ChildProcess.stream("test-prepared", environment)
        defer { process.end() }
        #expect(try process.everything().isEmpty)
        #expect(try process.waitForExit() == .code(1))
        let errors = String(decoding: try process.everything(of: 2), as: UTF8.self)
        #expect(errors.contains("no route to host"))
    }

    @Test("A closed stdout ends the process")
    func brokenOutput() throws {
        let process = try ChildProcess.stream("echo")
        defer { process.end() }
        process.closeOutput()
        process.feed("{}\n")
        #expect(try process.waitForExit() == .code(1))
    }
}

@Suite("Schedule and queue events", .ownThread)
struct BatchEventTests {
    private static let schedule = """
        {"specversion":"1.0","id":"1","source":"/schedules","type":"relais.schedule.fired",\
        "subject":"nightly","time":"1970-01-01T00:00:01.234Z"}
        """

    @Test("A schedule event has the planned instant")
    func schedule() throws {
        let process = try FinishedProcess(calling: "test-batch", Self.schedule)
        #expect(try process.reply() == ["processed": 1234, "remaining": 0])
        #expect(process.exit == .code(0))
        #expect(try process.logEntries().first?["name"] == "nightly")
    }

    @Test("A queue's reply has the remaining count and the queues to wake")
    func queue() throws {
        let process = try ChildProcess.stream("test-batch")
        defer { process.end() }
        func event(_ data: String) -> String {
            #"{"specversion":"1.0","id":"1","source":"/","type":"relais.queue.ready","data":\#(data)}"#
        }
        let done = try process.call(event(#"{"queue":"send"}"#))
        #expect(done == ["processed": 4, "remaining": 0])
        let left = try process.call(event(#"{"queue":"import","remaining":7}"#))
        #expect(left == ["processed": 6, "remaining": 7, "wake": ["import"]])
        let broken = try process.call(event(#"{"queue":"broken"}"#))
        #expect(broken == ["errorType": "bad_request", "errorMessage": "no such queue"])
        let http = try process.call(#"{"rawPath":"/"}"#)
        #expect(http["errorType"] == "UnsupportedEvent")
    }
}
