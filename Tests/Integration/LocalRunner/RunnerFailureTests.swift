import FunctionContract
import Glibc
import Testing

/// One function that fails, in every way there is, fails its own request and no other.
@Suite("Functions that fail", .ownThread)
struct RunnerFailureTests {
    private static let impatient = #""timeoutSeconds": 5, "concurrency": { "max": 1 }"#
    private static let single =
        #""timeoutSeconds": 60, "concurrency": { "max": 1, "queueSeconds": 60 }"#

    @Test(
        "The request of an instance that fails is a 502, the next one is served",
        arguments: [
            ("die", "ended before it replied"), ("exit", "ended before it replied"),
            ("fail", "ended before it replied"), ("fork", "ended before it replied"),
            ("garbage", "wrote what is no reply"), ("early", "wrote what is no reply"),
            ("flood", "wrote what is no reply"), ("huge", "as one reply"),
            ("badstatus", "statusCode"),
        ]
    )
    func badGateway(_ what: String, _ problem: String) throws {
        let runner = try Runner(try FunctionFolder(.desk(Self.single)))
        defer { runner.end() }
        let former = try runner.get("/desk/x")
        let failed = try runner.get("/desk/\(what)")
        #expect(failed.status == 502)
        #expect(failed.errorCode == "bad_reply")
        #expect(failed.json["error"]?["message"]?.string?.contains(problem) == true)
        let next = try runner.get("/desk/x")
        #expect(next.status == 200)
        #expect(next[header: "x-instance"] != former[header: "x-instance"])
        try runner.waitUntil("end of the first instance") { runner.instances.count == 1 }
        #expect(try runner.stop() == .code(0))
    }

    @Test(
        "One process per event fails in the same ways",
        arguments: [
            ("die", 502, "ended before it replied"), ("exit", 502, "ended before it replied"),
            ("garbage", 502, "wrote what is no reply"), ("early", 502, "wrote what is no reply"),
            ("late", 502, "wrote what is no reply"), ("huge", 502, "as one reply"),
            ("failure", 500, "the function failed"), ("fork", 502, "ended before it replied"),
            ("escape", 502, "ended before it replied"), ("deaf", 504, "no reply within 5 s"),
        ]
    )
    func oneShot(_ what: String, _ status: Int, _ problem: String) throws {
        let limits = what == "deaf" ? Self.impatient : Self.single
        let runner = try Runner(try FunctionFolder(.desk(#""framing": "one-shot", "# + limits)))
        defer { runner.end() }
        let failed = try runner.get("/desk/\(what)")
        #expect(failed.status == status)
        #expect(failed.json["error"]?["message"]?.string?.contains(problem) == true)
        #expect(try runner.get("/desk/x").text == "hello")
        try runner.waitUntil("end of all instances") { runner.instances.isEmpty }
        #expect(try runner.stop() == .code(0))
    }

    @Test("One process per event may exit with a failure after its reply")
    func oneShotExitCode() throws {
        let program = "#!/bin/sh\ncat >event\necho '{\"statusCode\":202}'\nexit 1\n"
        let shop = SampleFunction("shop", program, #""framing": "one-shot""#)
        let runner = try Runner(try FunctionFolder(shop))
        defer { runner.end() }
        for _ in 0..<3 { #expect(try runner.get("/shop/x").status == 202) }
    }

    @Test("A failure that the function reports is a 500, and the instance lives on")
    func reported() throws {
        let runner = try Runner(try FunctionFolder(.desk(Self.single)))
        defer { runner.end() }
        let former = try runner.get("/desk/x")
        let failed = try runner.get("/desk/failure")
        #expect(failed.status == 500)
        #expect(failed.errorCode == "function_failed")
        #expect(!failed.text.contains("no luck"))
        try runner.waitForLog("desk: Oops: no luck")
        #expect(try runner.get("/desk/x")[header: "x-instance"] == former[header: "x-instance"])
    }

    @Test("What an instance says before it dies is logged to the last line")
    func lastWords() throws {
        let runner = try Runner(try FunctionFolder(.desk(Self.single)))
        defer { runner.end() }
        #expect(try runner.get("/desk/fail").status == 502)
        try runner.waitForLog("last words")
        try runner.waitForLog("desk: the process ended with exit code 3")
    }

    @Test("A crash fails one request while others are in flight")
    func isolation() throws {
        let runner = try Runner(try FunctionFolder(.desk(#""concurrency": { "max": 4 }"#)))
        defer { runner.end() }
        let others = try (0..<3).map { _ in try runner.begin("/desk/slow") }
        #expect(try runner.get("/desk/die").status == 502)
        for other in others { #expect(try runner.answer(other).status == 200) }
    }

    @Test("Too slow is a 504, and the whole process group is gone")
    func timeout() throws {
        let runner = try Runner(try FunctionFolder(.desk(Self.impatient)))
        defer { runner.end() }
        let hanging = try runner.begin("/desk/hang")
        let group = try runner.wait("the instance and what it started") {
            runner.instances.first { ProcessTable.members(ofGroup: $0).count == 2 }
        }
        let answer = try runner.answer(hanging)
        #expect(answer.status == 504)
        #expect(answer.errorCode == "timed_out")
        #expect(try runner.get("/desk/x").status == 200, "served while the other still ends")
        try runner.waitUntil("end of the group") {
            ProcessTable.members(ofGroup: group).isEmpty
        }
        #expect(runner.instances.count == 1)
    }

    @Test("A child outside the process group holds a reply up for a moment only")
    func escapedChild() throws {
        let runner = try Runner(try FunctionFolder(.desk(#""timeoutSeconds": 60"#)))
        defer { runner.end() }
        let started = ContinuousClock.now
        #expect(try runner.get("/desk/escape").status == 502)
        // Neither the child nor the time-out is over within less than a minute.
        #expect(ContinuousClock.now - started < .seconds(30))
        #expect(try runner.get("/desk/x").status == 200)
    }

    @Test("A function that never reads gets its time and no more", arguments: [1, 1_000_000])
    func deaf(_ size: Int) throws {
        let program = "#!/bin/sh\nexec sleep 1000\n"
        let deaf = SampleFunction("deaf", program, Self.impatient)
        let runner = try Runner(try FunctionFolder(deaf))
        defer { runner.end() }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        #expect(try runner.request("POST", "/deaf/x", body: body).status == 504)
        try runner.waitUntil("end of the instance") { runner.instances.isEmpty }
        #expect(try runner.stop() == .code(0))
    }

    @Test("Output that no event asked for never answers the next event", arguments: 0..<2)
    func unasked(_ kind: Int) throws {
        let runner = try Runner(try FunctionFolder(.desk(Self.single)))
        defer { runner.end() }
        let what = ["late", "afterwards"][kind]
        let answer = try runner.get("/desk/\(what)")
        #expect((answer.status, answer.text) == (200, what))
        try runner.waitForLog("wrote \"unasked\" to stdout when no event was waiting")
        for _ in 0..<3 {
            let next = try runner.get("/desk/x")
            #expect((next.status, next.text) == (200, "hello"))
            #expect(next[header: "x-instance"] != answer[header: "x-instance"])
        }
    }

    @Test("Unasked output behind a reply does not reach the call that waits in line")
    func unaskedWithALine() throws {
        let runner = try Runner(try FunctionFolder(.desk(Self.single)))
        defer { runner.end() }
        let slow = try runner.begin("/desk/slow")
        let late = try runner.begin("/desk/late")
        let next = try runner.begin("/desk/x")
        #expect(try runner.answer(slow).text == "slow")
        #expect(try runner.answer(late).text == "late")
        #expect(try runner.answer(next).text == "hello")
    }

    @Test("A reply without a line end is the last of its process, and the call in line is served")
    func unendedWithALine() throws {
        let project = try FunctionFolder(.held(#""max": 1"#))
        let runner = try Runner(project)
        defer { runner.end() }
        let held = try runner.begin("/desk/held")
        try runner.waitUntil("a busy instance") {
            try runner.metric(#"relais_instances{function="desk",state="busy"}"#) == 1
        }
        let unended = try runner.begin("/desk/unended")
        try runner.waitUntil("one in line") {
            try runner.metric(#"relais_waiting_events{function="desk"}"#) == 1
        }
        let next = try runner.begin("/desk/x")
        try runner.waitUntil("two in line") {
            try runner.metric(#"relais_waiting_events{function="desk"}"#) == 2
        }
        try project.release()
        #expect(try runner.answer(held).text == "held")
        #expect(try runner.answer(unended).text == "unended")
        let answer = try runner.answer(next)
        #expect((answer.status, answer.text) == (200, "hello"))
    }

    @Test("A flood to stderr is cut, and others are answered meanwhile")
    func chatter() throws {
        let runner = try Runner(try FunctionFolder(.desk(), .echo))
        defer { runner.end() }
        #expect(try runner.get("/echo/x").status == 200)
        let noisy = try runner.begin("/desk/chatter")
        var slowest = Duration.zero
        for _ in 0..<20 {
            let started = ContinuousClock.now
            #expect(try runner.get("/echo/x").status == 200)
            slowest = max(slowest, ContinuousClock.now - started)
        }
        #expect(slowest < .seconds(20))
        #expect(try runner.answer(noisy).text == "chatter")
        try runner.waitForLog("log lines dropped, more than 1000 lines or 1 MB came at once")
    }

    @Test("A crash loop is slowed down, and a reply ends it")
    func crashLoop() throws {
        let program = """
            #!/bin/sh
            echo x >>starts
            [ -e cured ] || exit 1
            while IFS= read -r event; do echo '{"statusCode":200}'; done
            """
        let more = #""concurrency": { "max": 1, "queueSeconds": 20 }"#
        let project = try FunctionFolder(SampleFunction("ill", program, more))
        let runner = try Runner(project)
        defer { runner.end() }
        let started = ContinuousClock.now
        for _ in 0..<4 { #expect(try runner.get("/ill/x").status == 502) }
        // At once, at once, after 0.1 s, after 0.2 s.
        #expect(ContinuousClock.now - started > .milliseconds(280))
        #expect(project.contents(of: "functions/ill/starts")?.count == 8)
        try project.write("", to: "functions/ill/cured")
        #expect(try runner.get("/ill/x").status == 200)
        #expect(try runner.get("/ill/x").status == 200)
    }

    @Test("A slow start costs the first request time, not its answer")
    func slowStart() throws {
        let program = """
            #!/bin/sh
            sleep 0.3
            while IFS= read -r event; do echo '{"statusCode":200}'; done
            """
        let runner = try Runner(try FunctionFolder(SampleFunction("late", program)))
        defer { runner.end() }
        let clients = try (0..<6).map { _ in try runner.begin("/late/x") }
        for client in clients { #expect(try runner.answer(client).status == 200) }
    }

    @Test("A command that does not exist is a 502 that says so in the log")
    func missingProgram() throws {
        let manifest = """
            {
              "triggers": [{ "http": { "method": "GET", "path": "/gone" } }],
              "command": ["no-such-program"]
            }
            """
        let runner = try Runner(try FunctionFolder(SampleFunction("gone", manifest: manifest)))
        defer { runner.end() }
        #expect(try runner.get("/gone").status == 502)
        try runner.waitForLog("gone: cannot start: ")
    }
}
