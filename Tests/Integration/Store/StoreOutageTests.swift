import Database
import FunctionContract
import Testing

@Suite("The store without its database", .ownThread)
struct StoreOutageTests {
    private static let look: JSON = ["queues": ["a"]]

    @Test(
        "During an outage the answer is 503; afterwards the same process continues",
        .enabled(if: PrivateServer.Version.embedded.isInstalled)
    )
    func outage() throws {
        let server = try PrivateServer(.embedded)
        let database = try PlatformDatabase(ownerURL: server.url(database: "postgres"))
        let store = try StoreProcess(database.url)
        #expect(try store.ask("POST", "/queues/look", Self.look).status == 200)
        try server.stop()
        for question in ["/queues/look", "/invocations/claim", "/schedules/claim"] {
            let answer = try store.ask(
                "POST",
                question,
                ["queues": ["a"], "functions": [], "runner": "r", "schedules": []]
            )
            #expect(answer.status == 503, "\(question)")
            #expect(answer.message.contains("cannot reach PostgreSQL"), "\(answer.message)")
        }
        try server.start()
        #expect(try store.ask("POST", "/queues/look", Self.look).status == 200)
        try server.restart()
        #expect(try store.ask("POST", "/queues/look", Self.look).status == 200)
    }

    @Test("A statement that waits too long is cancelled without harm")
    func deadline() throws {
        let database = try PlatformDatabase()
        let store = try StoreProcess(database.url)
        #expect(try store.ask("POST", "/queues/look", Self.look).status == 200)
        let owner = Connection(database.ownerURL)
        try owner.transaction { (transaction) throws(DatabaseError) in
            try transaction.query("LOCK TABLE relais.task")
            let began = ContinuousClock.now
            let answer = Result {
                try store.ask(
                    "POST",
                    "/queues/look",
                    body: Self.look.bytes,
                    within: .seconds(4)
                )
            }
            #expect(ContinuousClock.now - began < .seconds(30))
            let waited = try? answer.get()
            #expect(waited?.status == 503)
            #expect(waited?.message == "PostgreSQL did not answer before the deadline")
        }
        #expect(try store.ask("POST", "/queues/look", Self.look).status == 200)
    }
}
