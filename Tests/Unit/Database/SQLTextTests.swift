import Testing

@testable import Database

struct SQLTextTests {
    @Test(arguments: [
        ("SELECT 1;", ["SELECT 1"]), ("SELECT 1;\nSELECT 2;\n", ["SELECT 1", "SELECT 2"]),
        ("-- a; b\nSELECT 1; -- c;\n", ["SELECT 1"]),
        ("/* a; /* b; */ c; */ SELECT 1;", ["SELECT 1"]),
        ("SELECT ';', 'it''s;';", ["SELECT ';', 'it''s;'"]),
        (#"SELECT E'\';', '\';"#, [#"SELECT E'\';', '\'"#]),
        (#"SELECT name'\';"#, [#"SELECT name'\'"#]),
        (#"SELECT ";", "a"";";"#, [#"SELECT ";", "a"";""#]),
        ("DO $$ BEGIN; END; $$;", ["DO $$ BEGIN; END; $$"]),
        ("DO $a$ $$; $b$; $a$;", ["DO $a$ $$; $b$; $a$"]),
        ("SELECT $1; SELECT a$b;", ["SELECT $1", "SELECT a$b"]),
        (";;", []), ("", []), ("-- nothing\n", []),
    ])
    func findsStatements(_ sql: String, _ statements: [String]) {
        let text = SQLText(sql)
        #expect(text.statements.map(\.sql) == statements)
        #expect(text.isComplete)
    }

    @Test(arguments: [
        "SELECT 1", "SELECT 1; SELECT 2", "SELECT ';", "SELECT \";", "SELECT 1; /* ;", "DO $$ ; $",
        "DO $$ ; $a$;", "SELECT E'\\';", "SELECT 1; SEL",
    ])
    func knowsATextThatWasCutShort(_ sql: String) {
        #expect(!SQLText(sql).isComplete)
    }

    /// Wherever a text is cut, it is either noticed or between two statements.
    @Test func aCutInsideAStatementIsNoticed() {
        let sql =
            "CREATE TABLE a (x text DEFAULT 'b;c');\nDO $x$ BEGIN; END $x$;\n/* c; */ SELECT 1;"
        let whole = SQLText(sql).statements
        for length in 0...sql.utf8.count {
            let text = SQLText(String(decoding: sql.utf8.prefix(length), as: UTF8.self))
            #expect(whole.starts(with: text.statements))
            let isBetween = text.isComplete
            #expect(!isBetween || text.statements.count <= whole.count)
        }
        #expect(!SQLText(String(sql.dropLast())).isComplete)
    }

    @Test func tellsTheLineOfEachStatement() {
        let lines = SQLText("-- a\nSELECT 1;\n\n  SELECT\n2;\n").statements.map(\.line)
        #expect(lines == [2, 4])
    }

    @Test(
        arguments: [
            ("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON relais.t (a)", .create("relais.i")),
            ("create unique index concurrently if not exists i\n  on t(a)", .create("i")),
            ("DROP INDEX CONCURRENTLY IF EXISTS relais.i", .drop),
        ] as [(String, ConcurrentIndex.Kind)]
    )
    func knowsIndexesThatAreBuiltWhileOthersWrite(
        _ sql: String,
        _ kind: ConcurrentIndex.Kind
    ) throws {
        #expect(try ConcurrentIndex(sql)?.kind == kind)
    }

    @Test(arguments: [
        "CREATE INDEX CONCURRENTLY i ON t (a)", "DROP INDEX CONCURRENTLY i",
        "REINDEX INDEX CONCURRENTLY i",
    ])
    func refusesAnIndexThatCouldNotBeBuiltAgain(_ sql: String) {
        let error = #expect(throws: DatabaseError.self) { try ConcurrentIndex(sql) }
        #expect(error?.code == .migration)
    }

    @Test func otherStatementsAreOther() throws {
        #expect(try ConcurrentIndex("CREATE INDEX i ON t (a)") == nil)
        #expect(try ConcurrentIndex("ALTER TABLE t ADD x int") == nil)
    }
}
