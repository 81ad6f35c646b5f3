import FunctionContract
import Glibc
import Testing

@Suite("The operators' door", .ownThread)
struct OperatorDoorTests {
    private static let clerk = SampleFunction.clerk(
        "clerk",
        triggers: SampleFunction.route("/clerk/{what}")
    )
    private static let token = "0123456789abcdef"
    private static let event = Event.http(HTTPEvent()).bytes
    private static let doors = [
        ("GET", "/_metrics"), ("GET", "/_status"), ("POST", "/_invoke/clerk"),
        ("GET", "/_invoke/clerk"), ("GET", "/_elsewhere"),
    ]

    @Test("Strangers find nothing at the public door, behind a proxy that adds no header as well")
    func strangers() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve()
        defer { runner.end() }
        let proxy = try PlainProxy(to: runner.port)
        defer { proxy.end() }
        for port in [runner.port, proxy.port] {
            for (method, target) in Self.doors {
                for headers in [[:], ["authorization": "Bearer "], ["authorization": "Bearer x"]] {
                    let client = try RunnerClient(port: port)
                    let body = method == "POST" ? Self.event : []
                    client.send(Runner.request(method, target, headers: headers, body: body))
                    let answer = try runner.answer(client)
                    #expect(answer.status == 404, "\(method) \(target)")
                    #expect(answer.errorCode == "not_found")
                }
            }
            let client = try RunnerClient(port: port)
            client.send(Runner.invocation("clerk", "/clerk/1"))
            #expect(try runner.answer(client).status == 404)
        }
        #expect(project.folder.events("clerk").isEmpty)
        #expect(try project.database.count("SELECT count(*) FROM relais.task") == 0)
    }

    @Test("At their socket operators invoke, measure and ask")
    func socket() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve()
        defer { runner.end() }
        #expect(try runner.invokeLater("clerk", "/clerk/2").status == 202)
        try runner.waitUntil("run") { !project.folder.events("clerk").isEmpty }
        #expect(project.folder.events("clerk") == [["path": "/clerk/2"]])
        #expect(try runner.askAsOperator("GET", "/_metrics").status == 200)
        #expect(try runner.askAsOperator("GET", "/_ready").text == "ready\n")
        #expect(try runner.askAsOperator("POST", "/_metrics").status == 405)
        #expect(try runner.askAsOperator("GET", "/clerk/1").status == 404)
        let status = try runner.askAsOperator("GET", "/_status").json
        #expect(status["status"] == "ok")
        #expect(status["version"]?.string == productVersion)
        #expect(status["uptimeSeconds"]?.integer != nil)
        #expect(status["database"]?["status"] == "reached")
        #expect(status["complaints"] == [])
    }

    @Test("The socket is for its owner alone, replaces one that was left, and goes with the runner")
    func socketFile() throws {
        let project = try FunctionFolder(.desk())
        let killed = try Runner(project)
        var status = stat()
        unsafe stat(killed.operatorSocket, &status)
        #expect(status.st_mode & 0o777 == 0o600)
        killed.end()
        unsafe #expect(access(killed.operatorSocket, F_OK) == 0)
        let runner = try Runner(project, ["--operator-socket", killed.operatorSocket])
        defer { runner.end() }
        #expect(throws: (any Error).self) { try RunnerClient(socket: runner.operatorSocket) }
        let client = try RunnerClient(socket: killed.operatorSocket)
        client.send(Runner.request("GET", "/_ready"))
        #expect(try runner.answer(client).status == 200)
        let second = try CommandRun(
            ["serve", "--port", "0", "--operator-socket", killed.operatorSocket],
            in: project
        )
        #expect(second.exit == .code(2))
        #expect(second.complaint.contains("is in use; stop the local-runner that listens there"))
        #expect(try runner.stop() == .code(0))
        unsafe #expect(access(killed.operatorSocket, F_OK) != 0)
    }

    @Test("With the token operators come in at the public door, and nobody else")
    func withToken() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve(environment: ["RELAIS_OPERATOR_TOKEN": Self.token])
        defer { runner.end() }
        for value in ["", "Bearer", "Bearer ", "Bearer \(Self.token.dropLast())", Self.token] {
            for (method, target) in Self.doors {
                let answer = try runner.request(
                    method,
                    target,
                    headers: ["authorization": value],
                    body: method == "POST" ? Self.event : []
                )
                #expect(answer.status == 401, "\(value) \(target)")
                #expect(!answer.text.contains(Self.token))
            }
        }
        #expect(try runner.get("/_metrics").status == 404)
        let headers = ["authorization": "Bearer \(Self.token)", "x-forwarded-for": "192.0.2.1"]
        #expect(try runner.get("/_metrics", headers: headers).status == 200)
        let client = try runner.connect()
        client.send(Runner.invocation("clerk", "/clerk/3", headers: headers))
        #expect(try runner.answer(client).status == 202)
        try runner.waitUntil("run") { !project.folder.events("clerk").isEmpty }
    }

    @Test("An event that cannot be stored is refused")
    func refusals() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve()
        defer { runner.end() }
        let event = Array(#"{"specversion":"1.0"}"#.utf8)
        let headers = ["x-invoke-type": "event"]
        for (method, target, headers, body, status) in [
            ("GET", "/_invoke/clerk", headers, [], 405),
            ("POST", "/_invoke/nobody", headers, event, 404),
            ("POST", "/_invoke/", headers, event, 404),
            ("POST", "/_invoke/clerk", headers, [], 400),
            ("POST", "/_invoke/clerk", headers, event, 400),
            ("POST", "/_invoke/clerk", ["x-invoke-type": "dry-run"], event, 400),
        ] {
            let answer = try runner.askAsOperator(method, target, headers: headers, body: body)
            #expect(answer.status == status, "\(method) \(target)")
        }
        #expect(try project.database.count("SELECT count(*) FROM relais.task") == 0)
    }

    @Test("Without a database nothing can be stored, and the answer says so")
    func withoutDatabase() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve(environment: ["DATABASE_URL": ""])
        defer { runner.end() }
        #expect(runner.messages.contains { $0.contains("no stored invocations") })
        let answer = try runner.invokeLater("clerk", "/clerk/1")
        #expect(answer.status == 503)
        #expect(answer.errorCode == "no_store")
        let direct = try runner.askAsOperator("POST", "/_invoke/clerk", body: Self.event)
        #expect(direct.status == 200)
        let status = try runner.askAsOperator("GET", "/_status").json
        #expect(status["database"] == ["status": "not configured"])
    }

    @Test("With its database out of reach, the status tells operators why")
    func outOfReach() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve(
            environment: ["DATABASE_URL": "postgresql://relais:s3cret@127.0.0.1:1/relais"]
        )
        defer { runner.end() }
        let status = try runner.askAsOperator("GET", "/_status")
        #expect(status.json["status"] == "down")
        #expect(status.text.contains("cannot reach PostgreSQL at 127.0.0.1:1"))
        #expect(!status.text.contains("s3cret"))
    }
}
