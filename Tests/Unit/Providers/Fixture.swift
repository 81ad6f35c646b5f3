import FunctionContract
import Glibc

/// Reads `Tests/Fixtures/providers`. Where each file comes from stands in its `manifest.tsv`.
enum Fixture {
    private static let root =
        #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(3).joined(separator: "/") + "/Fixtures/providers"

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = unsafe fopen("\(root)/\(path)", "r") else {
            throw FixtureError(path: path)
        }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }

    static func json(_ path: String) throws -> JSON {
        try JSONParser.parse(bytes(path))
    }

    /// The rows of a table, without its heading.
    static func table(_ path: String) throws -> [[String]] {
        let text = String(decoding: try bytes(path), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// The paths of all JSON fixtures under `folder`, in the order of the manifest.
    static func paths(_ folder: String) throws -> [String] {
        try table("manifest.tsv").map { $0[0] }
            .filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".json") }
    }
}

struct FixtureError: Error {
    let path: String
}

extension JSON {
    /// The same value with the members of every object in one order, to compare what means the
    /// same.
    var sorted: JSON {
        switch self {
        case .object(let object):
            let members = object.members.map { (name: $0.name, value: $0.value.sorted) }
            return .object(JSONObject(members.sorted { $0.name < $1.name }))
        case .array(let elements): return .array(elements.map(\.sorted))
        case .null, .bool, .integer, .number, .string: return self
        }
    }

    /// A JSON text written in a test.
    init(parsing text: String) throws {
        self = try JSONParser.parse(Array(text.utf8))
    }
}
