import FunctionRuntime
import Providers
import Security

/// The options of the demo, and the addresses of the programs that it needs.
struct DemoOptions {
    var contacts = 1000
    var provider = Provider.meta
    /// Determines the contacts.
    var seed: UInt32
    var platform: String
    var simulator: String
    let operatorSocket: String?
    let operatorToken: String?
    let databaseURL: String
    let secrets: SealedSecrets

    /// `words` are `campaign` and pairs of an option and its value, already checked by
    /// `local-runner demo`.
    init(_ words: [String], _ environment: Environment) throws {
        guard let databaseURL = environment["DATABASE_URL"],
            let masterKeys = environment["RELAIS_MASTER_KEYS"]
        else {
            throw DemoError(
                "DATABASE_URL and RELAIS_MASTER_KEYS must be those of the running platform; "
                    + "infra/demo sets them to what infra/up uses"
            )
        }
        self.databaseURL = databaseURL
        secrets = try SealedSecrets(masterKeys: masterKeys)
        operatorSocket = environment["RELAIS_OPERATOR_SOCKET"]
        operatorToken = environment["RELAIS_OPERATOR_TOKEN"]
        platform = "http://127.0.0.1:\(environment["PORT"] ?? "8080")"
        simulator = "http://127.0.0.1:\(environment["SIMULATOR_PORT"] ?? "8090")"
        seed = .random(in: 1...999_999)
        var rest = words.dropFirst()
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw DemoError("\(name) needs a value") }
            try set(name, value)
        }
    }

    private mutating func set(_ name: String, _ value: String) throws(DemoError) {
        let number = UInt32(value)
        switch (name, number, Provider(rawValue: value)) {
        case ("--contacts", let count?, _): contacts = Int(count)
        case ("--seed", let number?, _): seed = number
        case ("--provider", _, let known?): provider = known
        case ("--platform", _, _): platform = value
        case ("--simulator", _, _): simulator = value
        default: throw DemoError("cannot do anything with \(name) \(value)")
        }
    }
}

/// A mistake that the user can correct: one sentence, exit code 2.
struct DemoError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
