import Database
import FunctionContract
import Testing

@Suite(.ownThread, .serialized)
struct CopyTests {
    private static let database = Result { try TestDatabase() }
    private let connection: Connection

    init() throws {
        connection = try Self.database.get().connect()
        try connection.query("DROP TABLE IF EXISTS item")
    }

    private static let awkward: [String?] = [
        "", nil, "\\N", "\\", "\t", "\n", "\r\n", "\\t\\n", "a\tb\nc\rd\\e", "NULL",
        "\u{1}\u{8}\u{B}\u{C}",
        "{a,\"b\"}", "é 漢字 👩‍👩‍👧", "\\.", " padded ",
    ]

    @Test func everyTextArrivesAsItIs() throws {
        try connection.query("CREATE TABLE item (id int8, text text)")
        let count = try connection.copyIn("COPY item FROM STDIN") {
            (rows) throws(DatabaseError) in
            for (number, text) in Self.awkward.enumerated() {
                try rows.row(.int(number), .text(text))
            }
        }
        #expect(count == Self.awkward.count)
        let rows = try connection.query("SELECT text FROM item ORDER BY id")
        #expect(try rows.map { try $0.get("text", as: String?.self) } == Self.awkward)
        var copied: [String?] = []
        try connection.copyOut("COPY (SELECT text FROM item ORDER BY id) TO STDOUT") {
            copied += CopyText.fields(of: $0)
        }
        #expect(copied == Self.awkward)
    }

    @Test func everyKindOfValueArrivesAsItIs() throws {
        try connection.query(
            """
            CREATE TABLE item (a bool, b int4, c int8, d float8, e jsonb, f bytea, g uuid,
                h timestamptz, i interval, j text[], k int8[], l bytea[], m timestamptz[])
            """
        )
        let (id, now) = (UUID.v7(), Timestamp.now)
        let bytes = (0...255).map { UInt8($0) }
        let values: [Parameter] = [
            .bool(true), .int32(.min), .int(.max), .double(0.1), .json(#"{"a": "\t\\"}"#),
            .bytes(bytes), .uuid(id), .timestamp(now), .inferred("1 day"),
            .texts(Self.awkward), .ints([1, nil]), .byteStrings([bytes, nil]), .timestamps([now]),
        ]
        try connection.copyIn("COPY item FROM STDIN") { (rows) throws(DatabaseError) in
            try rows.row(values)
            try rows.row(
                .bool(nil),
                .int32(nil),
                .int(nil),
                .double(nil),
                .json(nil),
                .bytes(nil),
                .uuid(nil),
                .timestamp(nil),
                .inferred(nil),
                .texts([]),
                .ints([]),
                .byteStrings([]),
                .timestamps([])
            )
        }
        let rows = try connection.query("SELECT *, i = '1 day' AS same FROM item")
        #expect(try rows[0].get("b") == Int32.min)
        #expect(try rows[0].get("c") == Int.max)
        #expect(try rows[0].get("d") == 0.1)
        #expect(try rows[0].get("e") == #"{"a": "\t\\"}"#)
        #expect(try rows[0].get("f") == bytes)
        #expect(try rows[0].get("g") == id)
        #expect(try rows[0].get("h") == now)
        #expect(try rows[0].get("same") == true)
        #expect(try rows[0].get("j") == Self.awkward)
        #expect(try rows[0].get("k", as: [Int?].self) == [1, nil])
        #expect(try rows[0].get("l", as: [[UInt8]?].self) == [bytes, nil])
        #expect(try rows[0].get("m") == [now])
        #expect(try rows[1].get("a", as: Bool?.self) == nil)
        #expect(try rows[1].get("j") == [String]())
    }

    @Test func aHundredThousandRowsGoInAndComeOut() throws {
        try connection.query("CREATE TABLE item (id int8, name text)")
        let count = 100_000
        let copied = try connection.copyIn("COPY item FROM STDIN") {
            (rows) throws(DatabaseError) in
            for id in 0..<count { try rows.row(.int(id), .text("name\t\(id)")) }
        }
        #expect(copied == count)
        var next = 0
        var mistakes = 0
        let returned = try connection.copyOut("COPY (SELECT * FROM item ORDER BY id) TO STDOUT") {
            if CopyText.fields(of: $0) != ["\(next)", "name\t\(next)"] { mistakes += 1 }
            next += 1
        }
        #expect(returned == count)
        #expect(next == count)
        #expect(mistakes == 0)
    }

    @Test func aBodyThatThrowsCopiesNothing() throws {
        try connection.query("CREATE TABLE item (id int8)")
        let error = #expect(throws: DatabaseError.self) {
            try connection.copyIn("COPY item FROM STDIN") { (rows) throws(DatabaseError) in
                try rows.row(.int(1))
                throw DatabaseError(.other, "bad line")
            }
        }
        #expect(error?.message == "bad line")
        #expect(try connection.query("SELECT * FROM item").isEmpty)
    }

    @Test func aRowThatTheServerRefusesCopiesNothing() throws {
        try connection.query("CREATE TABLE item (id int8)")
        let error = #expect(throws: DatabaseError.self) {
            try connection.copyIn("COPY item FROM STDIN") { (rows) throws(DatabaseError) in
                try rows.row(.int(1))
                try rows.row(.text("secret"))
            }
        }
        #expect(error?.code == .invalidValue)
        #expect(error?.message.contains("secret") == false)
        #expect(try connection.query("SELECT * FROM item").isEmpty)
    }

    @Test func aReaderMayStopEarly() throws {
        var seen = 0
        let error = #expect(throws: DatabaseError.self) {
            try connection.copyOut("COPY (SELECT generate_series(1, 5000000)) TO STDOUT") {
                (_) throws(DatabaseError) in
                seen += 1
                if seen == 10 { throw DatabaseError(.other, "enough") }
            }
        }
        #expect(error?.message == "enough")
        #expect(seen == 10)
        #expect(try connection.query("SELECT 1 AS one")[0].get("one") == 1)
    }

    @Test(arguments: ["COPY nowhere FROM STDIN", "SELECT 1", "COPY (SELECT 1) TO STDOUT"])
    func whatIsNotACopyInIsAnError(_ sql: String) throws {
        #expect(throws: DatabaseError.self) { try connection.copyIn(sql) { _ in } }
        #expect(try connection.query("SELECT 1 AS one")[0].get("one") == 1)
    }

    @Test func copyingIsPartOfItsTransaction() throws {
        try connection.query("CREATE TABLE item (id int8)")
        try connection.transaction { (transaction) throws(DatabaseError) in
            try transaction.copyIn("COPY item FROM STDIN") { (rows) throws(DatabaseError) in
                try rows.row(.int(1))
            }
            transaction.abandon()
        }
        #expect(try connection.query("SELECT * FROM item").isEmpty)
    }
}
