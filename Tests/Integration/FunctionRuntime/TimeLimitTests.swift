import FunctionContract
import FunctionRuntime
import Messages
import Testing

/// A database that takes connections and never answers holds nobody longer than the host waits.
@Suite("A function answers before its host ends it", .ownThread)
struct TimeLimitTests {
    /// Its kernel takes connections; nobody reads them.
    private let silence = LoopbackSocket.listening()

    private var environment: [String: String] {
        ["DATABASE_URL": "postgresql://nobody@127.0.0.1:\(silence.port)/none"]
    }

    private var click: HTTPEvent {
        var event = HTTPEvent()
        event.rawPath = "/l/\(LinkToken(message: .v7(), position: 0).text)"
        return event
    }

    private var text: String { String(decoding: Event.http(click).bytes, as: UTF8.self) }

    private func inSeconds(_ seconds: Int64) -> Int64 {
        Timestamp.now.milliseconds + seconds * 1000
    }

    @Test("Without a deadline it answers within its manifest's time limit")
    func manifest() throws {
        defer { silence.close() }
        let process = try FinishedProcess(calling: "link-redirect", text, environment: environment)
        #expect(try process.reply()["statusCode"] == 503)
    }

    @Test("It answers before the event's deadline")
    func event() throws {
        defer { silence.close() }
        var event = click
        event.deadline = Timestamp(milliseconds: inSeconds(1))
        let function = try ChildProcess.stream("link-redirect", environment)
        defer { function.end() }
        #expect(try function.call(event)["statusCode"] == 503)
    }

    @Test("It answers before the deadline of the Lambda Runtime API")
    func lambda() throws {
        defer { silence.close() }
        let api = try ScriptedRuntimeAPI("link-redirect", environment: environment)
        defer { api.end() }
        _ = try api.call()
        let deadline = "Lambda-Runtime-Deadline-Ms: \(inSeconds(1))\r\n"
        try api.deliver(text, headers: deadline)
        let call = try api.call()
        #expect(call.name == "response")
        #expect(call.json["statusCode"] == 503)
    }

    @Test("It answers before the deadline of an activation")
    func actionLoop() throws {
        defer { silence.close() }
        let proxy = try ActionLoopProxy("link-redirect", environment: environment)
        defer { proxy.end() }
        let result = try proxy.run(
            ["__ow_method": "get", "__ow_path": .string(click.rawPath)],
            JSONObject([("deadline", .integer(Int(inSeconds(1))))])
        )
        #expect(result["statusCode"] == 503)
    }

    @Test("It answers before the time limit of a watchdog")
    func watchdog() throws {
        defer { silence.close() }
        let process = try FinishedProcess(
            running: try BuiltProduct.path("link-redirect"),
            environment: environment.merging(
                ["Http_Method": "GET", "Http_Path": click.rawPath, "exec_timeout": "1s"]
            ) { $1 }
        )
        #expect(process.exit == .code(1))
        #expect(process.errorText.contains("status 503 is lost"))
    }
}
