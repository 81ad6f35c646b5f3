import FunctionContract
import Glibc
import Testing

/// Events that an instance gets together, because that many waited.
@Suite("Events that are handed over together", .ownThread)
struct RunnerBatchTests {
    private static func more(_ batch: Int) -> String {
        #""timeoutSeconds": 3, "concurrency": { "max": 1, "batch": \#(batch) }"#
    }

    /// Requests that wait while the only instance stands before a gate: the gate's comes first.
    private func waiting(
        _ targets: [String],
        at runner: Runner,
        _ folder: FunctionFolder
    ) throws -> [RunnerClient] {
        let gate = try runner.begin("/clerk/gate")
        try runner.waitUntil("closed gate") { folder.contents(of: "functions/clerk/seen") != nil }
        var clients = [gate]
        for (place, target) in targets.enumerated() {
            clients.append(try runner.begin("/clerk/\(target)"))
            try runner.waitUntil("\(target) in line") {
                try runner.metric(#"relais_waiting_events{function="clerk"}"#) == Double(place + 1)
            }
        }
        try folder.write("", to: "functions/clerk/open")
        return clients
    }

    @Test("Whoever waits goes together, and everybody gets their own answer")
    func together() throws {
        let folder = try FunctionFolder(.clerk(Self.more(4)))
        let runner = try Runner(folder)
        defer { runner.end() }
        let clients = try waiting(["a", "b", "c", "d", "e"], at: runner, folder)
        let answers = try clients.map { try runner.answer($0) }
        #expect(answers.map(\.status) == [200, 200, 200, 200, 200, 200])
        #expect(
            answers.map(\.text) == [
                "gate of 1", "a of 4", "b of 4", "c of 4", "d of 4", "e of 1",
            ]
        )
        #expect(runner.instances.count == 1)
        #expect(try runner.stop() == .code(0))
    }

    @Test("An instance that dies fails what it had in hand, and nothing that it had answered")
    func death() throws {
        let folder = try FunctionFolder(.clerk(Self.more(3)))
        let runner = try Runner(folder)
        defer { runner.end() }
        let clients = try waiting(["a", "die", "c", "d"], at: runner, folder)
        let answers = try clients.map { try runner.answer($0) }
        #expect(answers.map(\.status) == [200, 200, 502, 502, 200])
        #expect(answers[3].errorCode == "bad_reply")
        #expect(answers[4].text == "d of 1")
        #expect(try runner.metric(#"relais_instance_crashes_total{function="clerk"}"#) == 1)
    }

    @Test("What is no reply fails what was not answered before it")
    func garbage() throws {
        let folder = try FunctionFolder(.clerk(Self.more(3)))
        let runner = try Runner(folder)
        defer { runner.end() }
        let clients = try waiting(["a", "garbage", "c", "d"], at: runner, folder)
        let answers = try clients.map { try runner.answer($0) }
        #expect(answers.map(\.status) == [200, 200, 502, 502, 200])
    }

    @Test("One that is too slow takes those behind it along, and the next are served")
    func timeout() throws {
        let folder = try FunctionFolder(.clerk(Self.more(3)))
        let runner = try Runner(folder)
        defer { runner.end() }
        let clients = try waiting(["a", "hang", "c", "d"], at: runner, folder)
        let answers = try clients.map { try runner.answer($0) }
        #expect(answers.map(\.status) == [200, 200, 504, 504, 200])
    }

    @Test("A caller who leaves costs the others nothing")
    func leaving() throws {
        let folder = try FunctionFolder(.clerk(Self.more(8)))
        let runner = try Runner(folder)
        defer { runner.end() }
        let clients = try waiting(["a", "gate", "c", "d"], at: runner, folder)
        clients[3].leave()
        for place in [0, 1, 2, 4] {
            #expect(try runner.answer(clients[place]).status == 200)
        }
        try runner.waitUntil("nothing in flight") {
            try runner.metric("http_requests_in_flight") == 0
        }
    }

    @Test("Draining answers what is in hand and what waits")
    func draining() throws {
        let folder = try FunctionFolder(.clerk(Self.more(3)))
        let runner = try Runner(folder)
        defer { runner.end() }
        let clients = try waiting(["a", "b", "c", "d"], at: runner, folder)
        runner.process.send(SIGTERM)
        for client in clients { #expect(try runner.answer(client).status == 200) }
        #expect(try runner.wait("end") { runner.process.exit } == .code(0))
    }
}

extension SampleFunction {
    /// Answers in Python with what it was asked for and how many requests it read at once. At the
    /// gate it stands until a file is there.
    fileprivate static func clerk(_ more: String) -> SampleFunction {
        SampleFunction(
            "clerk",
            #"""
            #!/usr/bin/env python3
            import json, os, signal, time
            rest = b""
            while chunk := os.read(0, 1 << 20):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    what = json.loads(line)["pathParameters"]["what"]
                    if what == "gate":
                        open("seen", "w").close()
                        while not os.path.exists("open"): time.sleep(0.002)
                    if what == "die": os.kill(os.getpid(), signal.SIGKILL)
                    if what == "hang": time.sleep(1000)
                    reply = {"statusCode": 200, "body": f"{what} of {len(lines)}"}
                    text = "good morning" if what == "garbage" else json.dumps(reply)
                    os.write(1, text.encode() + b"\n")
            """#,
            more
        )
    }
}
