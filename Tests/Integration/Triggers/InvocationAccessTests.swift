import FunctionContract
import Testing

@Suite("Who may invoke functions past their own doors", .timeLimit(.minutes(60)))
struct InvocationAccessTests {
    private static let clerk = SampleFunction.clerk(
        "clerk",
        triggers: SampleFunction.route("/clerk/{what}")
    )

    @Test("Without a token this machine may, and nobody whom a proxy or a browser speaks for")
    func withoutToken() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve()
        defer { runner.end() }
        for header in ["forwarded", "x-forwarded-for", "via", "origin"] {
            let answer = try runner.invokeLater("clerk", "/clerk/1", headers: [header: "x"])
            #expect(answer.status == 403, "\(header)")
            #expect(answer.text.contains("RELAIS_INVOKE_TOKEN"))
        }
        #expect(try runner.invokeLater("clerk", "/clerk/2").status == 202)
        try runner.waitUntil("run") { !project.folder.events("clerk").isEmpty }
        #expect(project.folder.events("clerk") == [["path": "/clerk/2"]])
    }

    @Test("With a token whoever has it may, and nobody else")
    func withToken() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve(environment: ["RELAIS_INVOKE_TOKEN": "s3cret"])
        defer { runner.end() }
        for token in [nil, "", "s3cret", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2"] {
            let headers = token.map { ["authorization": $0] } ?? [:]
            #expect(try runner.invokeLater("clerk", "/clerk/1", headers: headers).status == 401)
        }
        let headers = ["authorization": "Bearer s3cret", "x-forwarded-for": "192.0.2.1"]
        #expect(try runner.invokeLater("clerk", "/clerk/2", headers: headers).status == 202)
    }

    @Test("What cannot be stored is refused")
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
            let answer = try runner.request(method, target, headers: headers, body: body)
            #expect(answer.status == status, "\(method) \(target)")
        }
        #expect(try project.database.count("SELECT count(*) FROM relais.task") == 0)
    }

    @Test("Without a database it is said that nothing can be stored")
    func withoutDatabase() throws {
        let project = try TriggeredProject(Self.clerk)
        let runner = try project.serve(environment: ["DATABASE_URL": ""])
        defer { runner.end() }
        #expect(runner.messages.contains { $0.contains("no stored invocations") })
        let answer = try runner.invokeLater("clerk", "/clerk/1")
        #expect(answer.status == 503)
        #expect(answer.errorCode == "no_store")
        let direct = try runner.request(
            "POST",
            "/_invoke/clerk",
            body: Event.http(HTTPEvent()).bytes
        )
        #expect(direct.status == 200)
    }
}
