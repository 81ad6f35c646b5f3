/// The words after a command, split into known options and operands.
struct Arguments {
    private(set) var positional: [String] = []
    private var values: [String: [String]] = [:]
    private var switches: Set<String> = []
    private let command: String

    /// An option with a value, or a switch.
    struct Option: Sendable {
        let name: String
        /// The name of the value in the help; nil for a switch.
        let value: String?
        let help: String

        init(_ name: String, _ value: String? = nil, _ help: String) {
            self.name = name
            self.value = value
            self.help = help
        }
    }

    init(_ words: [String], for command: Command) throws(UsageError) {
        self.command = command.name
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word != "--" else {
                if word == "--" {
                    positional += rest
                    break
                }
                guard word == "-" || !word.hasPrefix("-") else { throw command.unknown(word) }
                positional.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let option = command.options.first(where: { "--\($0.name)" == parts[0] }) else {
                throw command.unknown(word)
            }
            try take(option, inline: parts.count > 1 ? String(parts[1]) : nil, &rest)
        }
        guard positional.count <= command.operands.count else {
            throw UsageError(
                "\(command.name): unexpected \"\(positional[command.operands.count])\""
                    + " (try `local-runner \(command.name) --help`)"
            )
        }
    }

    private mutating func take(
        _ option: Option,
        inline: String?,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) {
        guard let placeholder = option.value else {
            guard inline == nil else {
                throw UsageError("\(command): --\(option.name) takes no value")
            }
            switches.insert(option.name)
            return
        }
        guard let value = inline ?? rest.popFirst() else {
            throw UsageError("\(command): --\(option.name) needs a value, <\(placeholder)>")
        }
        values[option.name, default: []].append(value)
    }

    /// Throws for an option that `action` does not accept. `names` leaves out the options that
    /// every action accepts.
    func allow(_ names: [String], in action: String) throws(UsageError) {
        let given = Set(values.keys).union(switches).subtracting(names).subtracting(["json", "bin"])
        guard let stray = given.min() else { return }
        throw UsageError(
            "\(action) takes no --\(stray) (try `local-runner \(command) --help`)"
        )
    }

    func has(_ name: String) -> Bool { switches.contains(name) }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    subscript(name: String) -> String? { values[name]?.last }

    func number(_ name: String, _ range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "\(command): --\(name): expected a number from \(range.lowerBound) to"
                    + " \(range.upperBound), found \"\(text)\""
            )
        }
        return number
    }

    func choice(_ name: String, _ choices: [String]) throws(UsageError) -> String? {
        guard let value = self[name] else { return nil }
        guard choices.contains(value) else {
            let known = choices.joined(separator: " or ")
            throw UsageError("\(command): --\(name): expected \(known), found \"\(value)\"")
        }
        return value
    }

    /// The operand at `index`; throws when it is missing.
    func operand(_ index: Int, _ name: String) throws(UsageError) -> String {
        guard positional.indices.contains(index) else {
            throw UsageError(
                "\(command): \(name) is missing (try `local-runner \(command) --help`)"
            )
        }
        return positional[index]
    }
}
