import FunctionContract
import Testing

@Suite(
    "The store behind a pooler in transaction mode",
    .ownThread,
    .enabled(if: PgBouncer.isInstalled && PostgresFixture.isOwn)
)
struct StorePoolerTests {
    @Test("Several stores share two connections without mixing their work")
    func shared() throws {
        let database = try PlatformDatabase()
        let name = try #require(try database.text("SELECT current_database()"))
        let pooler = try PgBouncer(in: PostgresFixture.shared.get())
        defer { pooler.stop() }
        let stores = try (0..<4).map { _ in try StoreProcess(pooler.url(database: name)) }
        for round in 0..<5 {
            for (number, store) in stores.enumerated() {
                let question: JSON = [
                    "function": .string("f\(number)"), "event": .string("\(round)"),
                ]
                store.begin("POST", "/invocations", body: question.bytes)
            }
            for store in stores { #expect(try store.answer().status == 200) }
        }
        for (number, store) in stores.enumerated() {
            store.begin("POST", "/invocations/claim", body: JSON.room("f\(number)", 10).bytes)
        }
        for store in stores {
            let claimed = try store.answer().json["invocations"]?.array ?? []
            #expect(claimed.map { $0["event"]?.string } == (0..<5).map { "\($0)" })
            let report: JSON = ["results": .array(claimed)]
            #expect(try store.ask("POST", "/invocations/finish", report).json["done"] == 5)
        }
        #expect(try database.count("SELECT count(*) FROM relais.task") == 0)
    }
}
