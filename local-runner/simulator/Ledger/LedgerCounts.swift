import FunctionContract
import Providers

/// The counts of the ledger.
struct LedgerCounts {
    /// One message to one person through one account.
    struct Key: Hashable {
        let account: String
        let recipient: String
        let step: String
    }

    private(set) var received = 0
    private(set) var taken = 0
    private var outcomes: [String: Int] = [:]
    private var providers: [String: Int] = [:]
    private var recipients: Set<String> = []
    private var steps: [String: (received: Int, taken: Int)] = [:]
    /// How often each message was accepted.
    private var takes: [Key: Int] = [:]
    /// How often each message of the platform was accepted, by its reference without the attempt.
    private var messages: [String: Int] = [:]

    mutating func add(_ entry: LedgerEntry) {
        let send = entry.send
        received += 1
        outcomes[entry.outcome, default: 0] += 1
        providers[send.account.provider.rawValue, default: 0] += 1
        recipients.insert(send.recipient)
        let step = send.step
        steps[step, default: (0, 0)].received += 1
        guard entry.isTaken else { return }
        taken += 1
        steps[step]?.taken += 1
        let key = Key(account: send.account.id, recipient: send.recipient, step: step)
        takes[key, default: 0] += 1
        if let message = send.message { messages[message, default: 0] += 1 }
    }

    /// The references with more than one sent message.
    var repeatedMessages: [(message: String, count: Int)] {
        messages.filter { $0.value > 1 }.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// The steps that were sent to one person more than once.
    var duplicates: [(key: Key, count: Int)] {
        takes.filter { $0.value > 1 }.map { ($0.key, $0.value) }.sorted {
            ($0.key.recipient, $0.key.step) < ($1.key.recipient, $1.key.step)
        }
    }

    /// The body of `GET /_simulator/summary`.
    func json(withRecipients: Bool) -> JSONObject {
        let duplicates = duplicates
        let repeated = repeatedMessages
        let shown = repeated.prefix(Self.shownAtMost).map { ($0.message, $0.count) }
        var object = JSONObject([
            ("received", .integer(received)), ("taken", .integer(taken)),
            ("recipients", .integer(recipients.count)),
            ("outcomes", Self.object(outcomes)), ("providers", Self.object(providers)),
            ("stepCount", .integer(steps.count)), ("steps", stepsJSON),
            ("duplicateCount", .integer(duplicates.count)),
            ("duplicates", .array(duplicates.prefix(Self.shownAtMost).map(Self.json))),
            ("repeatedMessageCount", .integer(repeated.count)),
            ("repeatedMessages", Self.object(Dictionary(uniqueKeysWithValues: shown))),
        ])
        if withRecipients { object["counts"] = countsJSON }
        return object
    }

    private static let shownAtMost = 1000

    private static func object(_ counts: [String: Int]) -> JSON {
        .object(JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))
    }

    private static func json(_ duplicate: (key: Key, count: Int)) -> JSON {
        [
            "account": .string(duplicate.key.account),
            "recipient": .string(duplicate.key.recipient),
            "step": .string(duplicate.key.step), "taken": .integer(duplicate.count),
        ]
    }

    private var stepsJSON: JSON {
        .object(
            JSONObject(
                steps.sorted { $0.key < $1.key }.prefix(Self.shownAtMost).map { step in
                    let counts: JSON = [
                        "received": .integer(step.value.received),
                        "taken": .integer(step.value.taken),
                    ]
                    return (step.key, counts)
                }
            )
        )
    }

    /// How often each step was accepted, by recipient.
    private var countsJSON: JSON {
        var byRecipient: [String: [String: Int]] = [:]
        for (key, count) in takes { byRecipient[key.recipient, default: [:]][key.step] = count }
        return .object(
            JSONObject(
                byRecipient.sorted { $0.key < $1.key }.map { ($0.key, Self.object($0.value)) }
            )
        )
    }
}
