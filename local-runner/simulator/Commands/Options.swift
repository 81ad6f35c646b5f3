import FunctionContract

/// The options of the simulator.
struct Options: Equatable {
    var host = "127.0.0.1"
    var port: UInt16 = 8090
    /// The name of a preset or the path of a file.
    var scenario = "demo"
    /// Nil chooses a different seed each time.
    var seed: UInt64?
    var webhooks: WebhookAddress? = WebhookAddress("http://127.0.0.1:8080")
    var ledgerPath: String?
    var isQuiet = false
    /// Text to print instead of running the simulator.
    var request: Request?

    enum Request: Equatable { case help, version }

    init(_ words: [String]) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let inline = parts.count > 1 ? String(parts[1]) : nil
            guard let name = parts.first, let option = Option(rawValue: String(name)) else {
                throw UsageError("unknown option \"\(word)\" (try --help)")
            }
            guard option.takesValue else {
                guard inline == nil else { throw UsageError("\(name) takes no value") }
                set(option)
                continue
            }
            guard let value = inline ?? rest.popFirst(), !value.isEmpty else {
                throw UsageError("\(name) needs a value (try --help)")
            }
            try set(option, value)
        }
    }

    private enum Option: String {
        case help = "--help"
        case shortHelp = "-h"
        case version = "--version"
        case quiet = "--quiet"
        case host = "--host"
        case port = "--port"
        case scenario = "--scenario"
        case seed = "--seed"
        case webhooks = "--webhook-base"
        case ledger = "--ledger"

        var takesValue: Bool {
            switch self {
            case .help, .shortHelp, .version, .quiet: false
            case .host, .port, .scenario, .seed, .webhooks, .ledger: true
            }
        }
    }

    private mutating func set(_ option: Option) {
        switch option {
        case .help, .shortHelp: request = .help
        case .version: request = .version
        case .quiet: isQuiet = true
        case .host, .port, .scenario, .seed, .webhooks, .ledger: break
        }
    }

    private mutating func set(_ option: Option, _ value: String) throws(UsageError) {
        switch option {
        case .host: host = value == "localhost" ? "127.0.0.1" : value
        case .port: port = try Self.number(value, "--port", UInt16.self)
        case .scenario: scenario = value
        case .seed: seed = try Self.number(value, "--seed", UInt64.self)
        case .webhooks: webhooks = try Self.address(value)
        case .ledger: ledgerPath = value
        case .help, .shortHelp, .version, .quiet: break
        }
    }

    private static func number<Number: FixedWidthInteger>(
        _ value: String,
        _ name: String,
        _ type: Number.Type
    ) throws(UsageError) -> Number {
        guard let number = Number(value) else {
            throw UsageError("\(name): expected a number up to \(Number.max), found \"\(value)\"")
        }
        return number
    }

    private static func address(_ value: String) throws(UsageError) -> WebhookAddress? {
        if value == "none" { return nil }
        guard let address = WebhookAddress(value) else {
            throw UsageError(
                "--webhook-base: expected none or http://<address>:<port> with a numeric address,"
                    + " found \"\(value)\""
            )
        }
        return address
    }
}

/// A mistake that the user can correct.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Options {
    static var help: String {
        let presets = Scenario.presets.map { "    \($0.name)  \($0.summary)\n" }.joined()
        return """
            Plays Meta, respond.io, Wassenger, WAHA, Evolution, Twilio and an OpenAI-style model
            on this machine: takes messages, writes them down, and sends signed webhooks back.

            Usage: provider-simulator [options]

              --port <number>        listen here; 0 takes a free one [8090]
              --host <address>       the interface to listen on [127.0.0.1]
              --scenario <file>      how to behave: a JSON file or the name of a preset [demo]
              --seed <number>        the same behaviour again [another each time]
              --webhook-base <url>   where webhooks go, or none [http://127.0.0.1:8080]
              --ledger <file>        one JSON line per send, written before the reply
              --quiet                no progress

            Presets:
            \(presets)
            Base addresses for the platform: Meta, WAHA and Evolution http://127.0.0.1:8090,
            respond.io …/v2, Wassenger and the model …/v1. Any token is taken. Webhooks go to
            <webhook-base>/webhooks/<provider>/<channel>, signed with
            \(Scenario.defaultSecret) unless the scenario names accounts.
            Ask it about itself at http://127.0.0.1:8090/_simulator.

            """
    }
}
