/// One schema change: a file `NNNN_name.sql` that runs once and never changes afterwards.
package struct Migration: Sendable, Equatable {
    package let number: Int
    /// The file name without number and extension: `0007_add_tags.sql` is `add_tags`.
    package let name: String
    let sql: String

    /// Nil when the file name does not have the form `NNNN_name.sql`.
    init?(fileName: String, sql: String) {
        guard fileName.hasSuffix(Self.ending) else { return nil }
        let stem = fileName.dropLast(Self.ending.count)
        let digits = stem.prefix(Self.digits)
        guard digits.count == Self.digits, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let number = Int(digits),
            number > 0
        else { return nil }
        let rest = stem.dropFirst(Self.digits)
        guard rest.first == "_", rest.count > 1, rest.utf8.allSatisfy(Self.isNameByte) else {
            return nil
        }
        self.number = number
        self.name = String(rest.dropFirst())
        self.sql = sql
    }

    /// Whether the first line asks for one transaction per statement. This allows CREATE INDEX
    /// CONCURRENTLY, which does not block writes.
    var runsStepByStep: Bool { sql.hasPrefix(Self.stepMark) }

    package var fileName: String { Self.fileName(number, name) }

    static func fileName(_ number: Int, _ name: String) -> String {
        let text = String(number)
        let zeros = String(repeating: "0", count: max(0, digits - text.count))
        return "\(zeros)\(text)_\(name)\(ending)"
    }

    static let ending = ".sql"
    private static let stepMark = "-- migrate: step by step\n"
    private static let digits = 4

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// A migration that the database records as applied.
struct AppliedMigration: Equatable {
    let number: Int
    let name: String
    let checksum: String

    var fileName: String { Migration.fileName(number, name) }
}
