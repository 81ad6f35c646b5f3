import Accounts
import Database
import FunctionContract
import Providers
import Testing

/// The shell commands that the guide gives to operators, run as they stand there.
@Suite("The guide's webhooks, through the running platform", .ownThread)
struct RecipeTests {
    private let world: InboundWorld
    private let runner: Runner

    init() throws {
        let database = try InboundDatabase()
        world = try InboundWorld(in: database, externalID: "106540352242922")
        runner = try Runner(
            try FunctionFolder(),
            [
                "--functions", BuiltProduct.packageRoot + "/functions",
                "--only", "inbound-webhook", "--only", "process-inbound",
            ],
            environment: database.environment
        )
    }

    /// The recipes of a chapter, then `more`, in the project's folder.
    private func run(
        _ more: String,
        after chapter: String = "### Without Meta",
        blocks: Int = 2,
        on channel: Channel? = nil
    ) throws -> FinishedProcess {
        let channel = channel ?? world.channel
        let recipes = try Guide("Sources/Product/Providers/README.md")
            .code(after: chapter, blocks: blocks)
        return try FinishedProcess(
            running: "/usr/bin/env",
            [
                "-C", BuiltProduct.packageRoot, "bash", "-euo", "pipefail", "-c",
                recipes + more,
            ],
            environment: [
                "PATH": "/usr/bin:/bin", "MESSAGE": "wamid.RECEIPT", "SECRET": "signing-secret",
                "VERIFY_TOKEN": "verify-me",
                "URL": "http://127.0.0.1:\(runner.port)\(channel.webhookPath)",
            ]
        )
    }

    @Test("The address is Meta's, every documented message lands, a receipt moves its message")
    func lands() throws {
        defer { runner.end() }
        let contact = try world.addContact("+22890000001")
        let message = try world.addMessage(
            "wamid.RECEIPT",
            to: contact,
            of: try world.addCampaign()
        )
        let recipe = try run(
            """
            for file in Tests/Fixtures/providers/meta/openapi-webhooks/*.json; do post "$file"; done
            if SECRET=other post "$receipt"; then exit 3; fi
            """
        )
        #expect(recipe.exit == .code(0), "\(recipe.errorText)")
        #expect(recipe.outputText.hasPrefix("42{}{}"), "\(recipe.outputText)")
        #expect(recipe.outputText.contains("made with another secret"))
        let waiting = "SELECT count(*) FROM relais.webhook_inbox WHERE state = 'received'"
        try runner.waitUntil("last webhook") { try world.count(waiting) == 0 }
        #expect(
            try world.count("SELECT count(*) FROM relais.webhook_inbox WHERE state = 'done'") == 17
        )
        #expect(
            try world.text("SELECT status FROM relais.message WHERE id = $1", .uuid(message))
                == "delivered"
        )
        let said = try world.owner.query(
            "SELECT kind, content FROM relais.interaction ORDER BY kind, content"
        )
        let words = try said.map { row in
            try row.get("kind", as: String.self) + ": " + (row.get("content") ?? "")
        }
        #expect(words.contains("reply: Does it come in another color?"), "\(words)")
    }

    @Test("A form signed as Twilio signs it lands, and its receipt moves the message")
    func forms() throws {
        defer { runner.end() }
        let twilio = try InboundWorld(.twilio, in: world.database)
        let contact = try twilio.addContact("+22890000001")
        let campaign = try twilio.addCampaign()
        let message = try twilio.addMessage("wamid.RECEIPT", to: contact, of: campaign)
        let recipe = try run(
            "if SECRET=other post MessageSid=SM3; then exit 3; fi",
            after: "### Without Twilio",
            blocks: 1,
            on: twilio.channel
        )
        #expect(recipe.exit == .code(0), "\(recipe.errorText)")
        #expect(recipe.outputText.hasPrefix("<Response/><Response/>"), "\(recipe.outputText)")
        let waiting = "SELECT count(*) FROM relais.webhook_inbox WHERE state = 'received'"
        try runner.waitUntil("last webhook") { try twilio.count(waiting) == 0 }
        #expect(
            try twilio.text("SELECT status FROM relais.message WHERE id = $1", .uuid(message))
                == "delivered"
        )
        #expect(
            try twilio.text("SELECT content FROM relais.interaction WHERE kind = 'reply'")
                == "Bonjour à tous"
        )
    }
}
