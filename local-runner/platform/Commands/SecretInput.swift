import FunctionContract
import FunctionRuntime

/// The source of secrets for a command. An argument would be visible in the process table and in
/// the shell's history.
struct SecretInput {
    enum Kind: String, CaseIterable {
        case token
        case secret

        var variable: String { "RELAIS_CHANNEL_\(rawValue.uppercased())" }
    }

    private static let limit = 65_536

    private let environment: Environment
    private var lines: [String]?

    init(_ environment: Environment) {
        self.environment = environment
    }

    static func missing(_ kind: Kind) -> String {
        "the \(kind.rawValue) is missing: set \(kind.variable), or give it as a line of stdin"
    }

    /// The secret, or nil when there is none. Once a secret came from the environment, stdin is no
    /// longer read: it may stay open without input.
    mutating func read(_ kind: Kind, _ prompt: String) throws -> String? {
        if let secret = environment[kind.variable] { return try Self.checked(secret, kind) }
        if Descriptor.standardInput.isTerminal { return try Self.ask(prompt, kind) }
        if Kind.allCases.contains(where: { environment[$0.variable] != nil }) { return nil }
        if lines == nil {
            let bytes = try Descriptor.standardInput.readToEnd(limit: Self.limit)
            lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                .map(String.init)
        }
        guard let line = lines?.first else { return nil }
        lines?.removeFirst()
        return try Self.checked(line, kind)
    }

    private static func ask(_ prompt: String, _ kind: Kind) throws -> String? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let input = Descriptor.standardInput
        let count = try input.withoutEcho {
            try Descriptor.standardError.write(Array("\(prompt), not shown: ".utf8))
            return try input.read(into: &buffer)
        }
        try Descriptor.standardError.write([UInt8(ascii: "\n")])
        let line = String(decoding: buffer[..<count], as: UTF8.self).filter { !$0.isNewline }
        return line.isEmpty ? nil : try checked(line, kind)
    }

    private static func checked(_ secret: String, _ kind: Kind) throws(UsageError) -> String {
        guard secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw UsageError(
                "the \(kind.rawValue) holds a space or another character that no secret has:"
                    + " copy it again"
            )
        }
        return secret
    }
}
