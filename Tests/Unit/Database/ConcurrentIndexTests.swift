import Testing

@testable import Database

struct ConcurrentIndexTests {
    @Test(arguments: [
        ("ON a (x)", "a_x"), ("ON ONLY a (x)", "a_x"), ("on only s.a(x)", "s.a_x"),
        ("ON s.a USING gin (x)", "s.a_x"), ("ON\nONLY\ns.a (x)", "s.a_x"),
    ])
    func namesTheIndexWithTheSchemaOfItsTable(_ rest: String, _ name: String) throws {
        for unique in ["", "UNIQUE "] {
            let sql = "CREATE \(unique)INDEX CONCURRENTLY IF NOT EXISTS a_x \(rest)"
            #expect(try ConcurrentIndex(sql)?.kind == .create(name))
        }
    }

    @Test(arguments: ["ON", "ON ONLY", ""])
    func refusesAnIndexWithoutATable(_ rest: String) {
        #expect(throws: DatabaseError.self) {
            try ConcurrentIndex("CREATE INDEX CONCURRENTLY IF NOT EXISTS a_x \(rest)")
        }
    }
}
