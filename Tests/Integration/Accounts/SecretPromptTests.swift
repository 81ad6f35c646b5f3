import Testing

@Suite(.ownThread)
struct SecretPromptTests {
    @Test("A typed secret is accepted and never shown")
    func typed() throws {
        let database = try PlatformDatabase()
        let environment = [
            "DATABASE_URL": database.url, "RELAIS_MASTER_KEYS": Tenant.masterKeys,
            "PATH": "/usr/bin:/bin",
        ]
        let runner = try BuiltProduct.path("local-runner")
        let workspace = try FinishedProcess(
            running: runner,
            ["workspaces", "add", "W"],
            environment: environment
        )
        #expect(workspace.exit == .code(0), "\(workspace.errorText)")
        // A terminal of its own, as a person has one.
        let terminal = try ChildProcess(
            "/usr/bin/script",
            [
                "--quiet", "--return", "--command", "\(runner) channels add meta --id 1",
                "/dev/null",
            ],
            environment: environment
        )
        defer { terminal.end() }
        try waitForPrompt("Access token of the system user, not shown: ", on: terminal)
        terminal.feed("typed-token\n")
        try waitForPrompt("App secret, not shown: ", on: terminal)
        terminal.feed("typed-secret\n")
        #expect(try terminal.waitForExit() == .code(0))
        let screen = String(decoding: try terminal.everything(), as: UTF8.self)
        #expect(screen.contains("verify token"))
        #expect(screen.contains("signing secret  1"))
        #expect(!screen.contains("typed"))
    }

    private func waitForPrompt(_ prompt: String, on terminal: ChildProcess) throws {
        try terminal.wait("prompt") {
            let screen = String(decoding: terminal.received(of: 1), as: UTF8.self)
            return screen.hasSuffix(prompt) ? () : nil
        }
    }
}
