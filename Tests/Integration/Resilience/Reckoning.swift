import Campaigns
import Contacts
import Database
import FunctionContract
import Messages
import Testing

/// What the simulator took and told beside what the database says, message by message.
struct Reckoning {
    /// A message as it is recorded.
    private struct Recorded {
        let id: String
        let step: Int
        let phone: String
        let status: MessageStatus
        let hasReason: Bool
    }

    private let recorded: [Recorded]
    private let witnessed: [JSON]
    private let answered: [String: Int]
    /// How often each message went out.
    private var taken: [String: Int] = [:]
    private(set) var problems: [String] = []

    init(_ stage: CampaignStage) throws {
        witnessed = Self.lasting(try stage.provider.messages())
        (recorded, answered) = try stage.patiently { connection in
            (
                try connection.query(Statement(Self.messages)).map { row in
                    Recorded(
                        id: try row.get("id"),
                        step: try row.get("step"),
                        phone: try row.get("phone"),
                        status: try #require(MessageStatus(rawValue: try row.get("status"))),
                        hasReason: try row.get("has_reason")
                    )
                },
                Dictionary(
                    uniqueKeysWithValues: try connection.query(Statement(Self.answers)).map { row in
                        (try row.get("phone", as: String.self), try row.get("count", as: Int.self))
                    }
                )
            )
        }
        for message in witnessed { taken[Self.name(of: message), default: 0] += 1 }
        compareSends()
        compareReceipts()
        compareAnswers()
    }

    /// How many messages of a step there are in each status.
    func statuses(ofStep step: Int) -> [MessageStatus: Int] {
        recorded.reduce(into: [:]) { if $1.step == step { $0[$1.status, default: 0] += 1 } }
    }

    /// How many people answered.
    var answerers: Int { answered.count }

    /// Messages that went out more than once.
    var duplicates: Int { taken.values.count { $0 > 1 } }

    private static let messages = """
        SELECT message.id::text AS id, step::int AS step, phone, message.status::text AS status,
            message.reason IS NOT NULL AS has_reason
        FROM relais.message JOIN relais.contact ON contact.id = message.contact
        """

    private static let answers = """
        SELECT phone, count(*) AS count
        FROM relais.interaction JOIN relais.contact ON contact.id = interaction.contact
        WHERE kind IN ('reply', 'choice', 'reaction', 'opt_out') GROUP BY phone
        """

    /// Without the messages of which receipts told that they failed, and which then went out again.
    private static func lasting(_ messages: [JSON]) -> [JSON] {
        var last: [String: Int] = [:]
        for (place, message) in messages.enumerated() { last[name(of: message)] = place }
        return messages.enumerated().filter { place, message in
            let hasFailed = message["receipts"]?.array?.contains("failed") ?? false
            return !hasFailed || last[name(of: message)] == place
        }.map(\.element)
    }

    /// Our name for a message that the simulator took.
    private static func name(of witnessed: JSON) -> String {
        AttemptReference(witnessed["reference"]?.string)?.message.description ?? "nameless"
    }
}

extension Reckoning {
    private mutating func compareSends() {
        let known = Set(recorded.map(\.id))
        for (name, count) in taken {
            if !known.contains(name) { problems.append("\(name) went out and is not recorded") }
            if count > 1 { problems.append("\(name) went out \(count) times") }
        }
        for message in recorded {
            let wentOut = taken[message.id] != nil
            let what = "step \(message.step) to \(message.phone), \(message.status)"
            switch message.status {
            case .queued: problems.append("\(what): was forgotten")
            case .unknown, .parked:
                // Every message that went out was told of.
                if wentOut { problems.append("\(what): went out, and receipts said so") }
                if !message.hasReason { problems.append("\(what): without a reason") }
            case .cancelled: if wentOut { problems.append("\(what): went out") }
            case .failed:
                if !message.hasReason { problems.append("\(what): without a reason") }
            case .accepted, .sent, .delivered, .read, .played:
                if !wentOut { problems.append("\(what): never went out") }
            }
        }
    }

    private mutating func compareReceipts() {
        let statuses = Dictionary(uniqueKeysWithValues: recorded.map { ($0.id, $0.status) })
        for message in witnessed {
            let receipts = message["receipts"]?.array ?? []
            let told = receipts.compactMap { MessageStatus(rawValue: $0.string ?? "") }.max()
            let status = statuses[Self.name(of: message)]
            if status != told ?? .accepted {
                problems.append("\(message.text): is recorded as \(status.map { "\($0)" } ?? "-")")
            }
        }
    }

    /// Who answered got Message 2, unless they asked to be left alone; nobody else did.
    private mutating func compareAnswers() {
        let second = Set(recorded.filter { $0.step == 2 }.map(\.phone))
        let farewells = Set(recorded.filter { $0.step == 0 }.map(\.phone))
        var people: Set<String> = []
        for message in witnessed {
            guard let words = message["answers"]?[0]?["words"]?.string,
                let phone = message["recipient"]?.string
            else { continue }
            people.insert(phone)
            let leaves = words == "STOP"
            if answered[phone] != 1 {
                problems.append("\(phone) answered once, recorded \(answered[phone] ?? 0) times")
            }
            if second.contains(phone) == leaves {
                problems.append("\(phone) said \(words), Message 2: \(second.contains(phone))")
            }
            if farewells.contains(phone) != leaves {
                problems.append("\(phone) said \(words), farewell: \(farewells.contains(phone))")
            }
        }
        for phone in second.union(farewells).union(answered.keys).subtracting(people) {
            problems.append("\(phone) never answered")
        }
        if recorded.count != Set(recorded.map { "\($0.step) \($0.phone)" }).count {
            problems.append("somebody has a message twice")
        }
    }
}
