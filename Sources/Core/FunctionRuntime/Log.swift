package import FunctionContract
internal import Glibc

/// JSON log lines. Each line is a single write, so lines of several processes never mix.
package struct Log {
    package enum Level: String, CaseIterable, Comparable, Sendable {
        case debug, info, warning, error

        package static func < (left: Level, right: Level) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The members of every line: the function, the request, the trace.
    package var fields: JSONObject
    private let level: Level
    private let clock: () -> Timestamp
    private let write: ([UInt8]) -> Void

    package init(
        level: Level = .info,
        fields: JSONObject = JSONObject(),
        clock: @escaping () -> Timestamp = { .now },
        write: @escaping ([UInt8]) -> Void = { Descriptor.standardError.writeIgnoringErrors($0) }
    ) {
        self.level = level
        self.fields = fields
        self.clock = clock
        self.write = write
    }

    package func debug(_ message: String, _ details: JSONObject = JSONObject()) {
        record(.debug, message, details)
    }

    package func info(_ message: String, _ details: JSONObject = JSONObject()) {
        record(.info, message, details)
    }

    package func warning(_ message: String, _ details: JSONObject = JSONObject()) {
        record(.warning, message, details)
    }

    package func error(_ message: String, _ details: JSONObject = JSONObject()) {
        record(.error, message, details)
    }

    /// A copy of this log with `value` under `name` in every line.
    package func with(_ name: String, _ value: JSON) -> Log {
        var log = self
        log.fields[name] = value
        return log
    }

    package func record(_ level: Level, _ message: String, _ details: JSONObject) {
        guard level >= self.level else { return }
        var line = JSONWriter()
        line.object { line in
            line.member("time", clock().rfc3339)
            line.member("level", level.rawValue)
            line.member("message", message)
            for member in members(with: details) {
                line.name(member.name)
                line.value(Redaction.log(member.value, named: member.name))
            }
        }
        line.newline()
        write(line.bytes)
    }
}

extension Log {
    /// Every name once. A detail replaces a field of the same name, but never time, level or
    /// message.
    private func members(with details: JSONObject) -> [(name: String, value: JSON)] {
        var merged = fields
        for member in details.members { merged[member.name] = member.value }
        return merged.members.map { member in
            Self.ownNames.contains(member.name)
                ? (name: "details.\(member.name)", value: member.value) : member
        }
    }

    private static let ownNames: Set = ["time", "level", "message"]
}

extension Log.Level {
    /// The level in `LOG_LEVEL`.
    init(_ environment: Environment) {
        self = environment["LOG_LEVEL"].flatMap { Self(rawValue: $0.lowercased()) } ?? .info
    }
}

extension Redaction {
    /// A value of a log line, without the secrets that it holds under their names.
    static func log(_ value: JSON, named name: String) -> JSON {
        if isSecret(name) { return "[redacted]" }
        switch value {
        case .object(let object):
            return .object(
                JSONObject(object.members.map { ($0.name, log($0.value, named: $0.name)) })
            )
        case .array(let elements): return .array(elements.map { log($0, named: name) })
        case .null, .bool, .integer, .number, .string: return value
        }
    }
}
