import Database
import FunctionContract
import Testing

@Suite(.ownThread)
struct ValueTests {
    private let connection: Connection

    init() throws {
        connection = try Self.database.get().connect()
    }

    private static let database = Result { try TestDatabase() }

    private func echo<Value: ColumnValue>(
        _ parameter: Parameter,
        as type: Value.Type
    ) throws -> Value {
        try #require(try connection.query("SELECT $1 AS value", parameter).first).get("value")
    }

    @Test(arguments: [Int.min, -1, 0, 1, .max])
    func integers(_ value: Int) throws {
        #expect(try echo(.int(value), as: Int.self) == value)
    }

    @Test(arguments: [Int32.min, -1, 0, 1, .max])
    func smallIntegers(_ value: Int32) throws {
        #expect(try echo(.int32(value), as: Int32.self) == value)
        #expect(try echo(.int32(value), as: Int.self) == Int(value))
    }

    @Test(arguments: [
        0.0, -0.0, 0.1, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity,
        -.infinity,
    ])
    func doubles(_ value: Double) throws {
        #expect(try echo(.double(value), as: Double.self).bitPattern == value.bitPattern)
    }

    @Test func notANumber() throws {
        #expect(try echo(.double(.nan), as: Double.self).isNaN)
    }

    @Test(arguments: [
        "", "plain", "é 漢字 👩‍👩‍👧 \u{10FFFF}",
        "tab\t nl\n cr\r \\ \"quotes\" 'single' {a,b} \\N NULL",
        String(repeating: "long ", count: 100_000),
    ])
    func texts(_ value: String) throws {
        #expect(try echo(.text(value), as: String.self) == value)
    }

    @Test func bytesOfEveryValue() throws {
        let all = (0...255).map { UInt8($0) } + [0, 0]
        #expect(try echo(.bytes(all), as: [UInt8].self) == all)
        #expect(try echo(.bytes([]), as: [UInt8].self) == [])
    }

    @Test func booleansUUIDsAndJSON() throws {
        #expect(try echo(.bool(true), as: Bool.self))
        #expect(try !echo(.bool(false), as: Bool.self))
        let id = UUID.v7()
        #expect(try echo(.uuid(id), as: UUID.self) == id)
        #expect(
            try echo(.json(#"{"b":[1,null],"a":"é"}"#), as: String.self)
                == #"{"a": "é", "b": [1, null]}"#
        )
    }

    @Test(arguments: [
        0, 1, -1, 1_763_607_980_123_456, 946_684_800_000_000, -62_135_596_800_000_000,
        // 4713-01-01 BC, PostgreSQL's first day, and an instant in the year 294246.
        -210_863_520_000_000_000, 9_223_371_244_800_000_000, .max, .min,
    ])
    func instants(_ microseconds: Int64) throws {
        let value = Timestamp(microseconds: microseconds)
        #expect(try echo(.timestamp(value), as: Timestamp.self) == value)
    }

    /// The text form is what COPY carries: PostgreSQL must read the same instant from it.
    @Test(arguments: [
        0, 1, -1, 1_763_607_980_123_456, 951_782_400_000_000, -62_135_596_800_000_001,
        -62_167_219_200_000_000, -210_863_520_000_000_000, 253_402_300_800_000_000, .max, .min,
    ])
    func instantsAsText(_ microseconds: Int64) throws {
        let value = Timestamp(microseconds: microseconds)
        let rows = try connection.query(
            "SELECT $1::timestamptz AS value",
            .inferred(value.description)
        )
        #expect(try rows[0].get("value") == value)
    }

    @Test func anInstantOutOfRangeIsAnError() throws {
        let rows = try connection.query("SELECT timestamptz '294276-12-31 23:59:59Z' AS value")
        #expect(throws: DatabaseError.self) { try rows[0].get("value", as: Timestamp.self) }
    }

    @Test func nullsOfEveryType() throws {
        #expect(try echo(.bool(nil), as: Bool?.self) == nil)
        #expect(try echo(.int32(nil), as: Int32?.self) == nil)
        #expect(try echo(.int(nil), as: Int?.self) == nil)
        #expect(try echo(.double(nil), as: Double?.self) == nil)
        #expect(try echo(.text(nil), as: String?.self) == nil)
        #expect(try echo(.json(nil), as: String?.self) == nil)
        #expect(try echo(.bytes(nil), as: [UInt8]?.self) == nil)
        #expect(try echo(.uuid(nil), as: UUID?.self) == nil)
        #expect(try echo(.timestamp(nil), as: Timestamp?.self) == nil)
        #expect(try echo(.inferred(nil), as: String?.self) == nil)
    }

    @Test func arrays() throws {
        #expect(try echo(.ints([]), as: [Int].self) == [])
        #expect(try echo(.ints([1, nil, .max]), as: [Int?].self) == [1, nil, .max])
        #expect(try echo(.int32s([.min, 7]), as: [Int32].self) == [.min, 7])
        #expect(try echo(.bools([true, nil]), as: [Bool?].self) == [true, nil])
        #expect(try echo(.doubles([0.5, -1e300]), as: [Double].self) == [0.5, -1e300])
        let texts = ["", "NULL", nil, "a,b", "{\"x\\"]
        #expect(try echo(.texts(texts), as: [String?].self) == texts)
        #expect(try echo(.jsons(["1", nil]), as: [String?].self) == ["1", nil])
        #expect(
            try echo(.byteStrings([[0, 255], [], nil]), as: [[UInt8]?].self)
                == [[0, 255], [], nil]
        )
        let ids = [UUID.v7(), UUID.v7()]
        #expect(try echo(.uuids(ids), as: [UUID].self) == ids)
        let now = Timestamp.now
        #expect(try echo(.timestamps([now, nil]), as: [Timestamp?].self) == [now, nil])
    }

    @Test func unnestTurnsArraysIntoRows() throws {
        let rows = try connection.query(
            "SELECT * FROM unnest($1, $2) AS pair (id, name)",
            .ints(Array(1...1000)),
            .texts((1...1000).map { $0 % 2 == 0 ? nil : "n\($0)" })
        )
        #expect(rows.count == 1000)
        for (position, row) in rows.enumerated() {
            #expect(try row.get("id") == position + 1)
            #expect(
                try row.get("name", as: String?.self)
                    == (position % 2 == 1 ? nil : "n\(position + 1)")
            )
        }
    }

    @Test func inferredTextReachesAnyType() throws {
        let rows = try connection.query(
            "SELECT ($1::interval > '1 minute'::interval) AS longer, $2::date::text AS day",
            .inferred("1 hour"),
            .inferred("2026-11-20")
        )
        #expect(try rows[0].get("longer"))
        #expect(try rows[0].get("day") == "2026-11-20")
    }

    @Test(arguments: [
        ("SELECT 1::numeric AS value", "cast it to bigint or float8"),
        ("SELECT now()::date AS value", "is of type date"),
        ("SELECT NULL::int8 AS value", "is NULL"),
        ("SELECT 'x' AS value", "is of type text"),
        ("SELECT 1 AS other", "no column value"),
    ])
    func aWrongReadNamesColumnAndType(_ sql: String, _ explanation: String) throws {
        let rows = try connection.query(Statement(sql))
        let error = #expect(throws: DatabaseError.self) { try rows[0].get("value", as: Int.self) }
        #expect(error?.code == .decoding)
        #expect(error?.message.contains(explanation) == true)
        #expect(error?.message.contains("value") == true)
    }

    @Test func anIntegerThatDoesNotFitIsAnError() throws {
        let rows = try connection.query("SELECT 2147483648 AS value")
        #expect(throws: DatabaseError.self) { try rows[0].get("value", as: Int32.self) }
    }
}
