import FunctionContract
import Providers

/// The shared state of all providers: messages, templates, files and people.
struct World {
    var behaviour: Behaviour
    /// The time of the current request.
    var now = Timestamp(milliseconds: 0)
    /// The address of the simulator, for URLs in its answers.
    var address = "http://127.0.0.1"
    var ids: IDSource
    var messages = MessageBook()
    var templates = TemplateBook()
    var media = MediaBook()
    var people = People()
    /// The numbers that respond.io has given to people.
    var contacts = BoundedTable<Int, String>(limit: Ledger.limit)
    /// The events that the current request will cause.
    var planned: [(delay: Int, Happening)] = []

    init(_ behaviour: Behaviour, ids: IDSource) {
        self.behaviour = behaviour
        self.ids = ids
    }

    var scenario: Scenario { behaviour.scenario }

    mutating func plan(_ news: Happening.News, of account: Account, after delay: Int) {
        let at = Timestamp(milliseconds: now.milliseconds + Int64(delay))
        planned.append((delay, Happening(account: account, id: ids.next(), at: at, news: news)))
    }
}

extension World {
    /// respond.io's number for a person, always the same.
    mutating func contactID(of recipient: String) -> Int {
        let id = Int(hash(recipient) >> 34)
        contacts.set(id, to: recipient)
        return id
    }
}

/// Generates ids. They differ between runs even with the same seed, because the platform stores
/// them longer than the simulator runs.
struct IDSource {
    private var state: UInt64

    init(run: UInt64) { state = run }

    /// Never returns a value twice: the mixing is a bijection of a counter.
    mutating func next() -> UInt64 {
        state &+= 1
        return mix(state)
    }

    /// An id of `count` hexadecimal digits.
    mutating func hexadecimal(_ count: Int, uppercase: Bool = false) -> String {
        var text = ""
        while text.utf8.count < count {
            let digits = String(next(), radix: 16, uppercase: uppercase)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return String(text.prefix(count))
    }
}

/// The stored state of each person. It holds as many people as the ledger holds sends.
struct People {
    struct Person {
        /// The sends to this person so far.
        var sends = 0
        var replies = 0
        /// When this person last wrote.
        var wroteAt: Timestamp?
    }

    private var byNumber = BoundedTable<String, Person>(limit: Ledger.limit)

    subscript(number: String) -> Person {
        get { byNumber[number] ?? Person() }
        set { byNumber.set(number, to: newValue) }
    }

    /// The number of the next send among all sends to that person.
    mutating func nextAttempt(_ number: String) -> Int {
        defer { self[number].sends += 1 }
        return self[number].sends
    }

    /// Whether the person wrote within the last 24 hours.
    func hasOpenWindow(_ number: String, at now: Timestamp) -> Bool {
        guard let wroteAt = byNumber[number]?.wroteAt else { return false }
        return now.milliseconds - wroteAt.milliseconds < 24 * 3_600_000
    }
}

/// The accepted messages. The oldest are removed above the limit.
struct MessageBook {
    static let limit = 100_000

    private var byID: [String: SentMessage] = [:]
    /// A ring buffer of ids. Each is at its sequence number modulo the limit.
    private var order: [String] = []
    /// The ids by recipient and by the platform's reference, oldest first.
    private var byRecipient: [String: [String]] = [:]
    private var byReference: [String: [String]] = [:]
    /// All accepted messages so far, including removed ones.
    private(set) var count = 0

    mutating func add(_ message: SentMessage) {
        if order.count < Self.limit {
            order.append(message.id)
        } else {
            forget(order[count % Self.limit])
            order[count % Self.limit] = message.id
        }
        count += 1
        byID[message.id] = message
        byRecipient[message.recipient, default: []].append(message.id)
        if let reference = message.reference {
            byReference[reference, default: []].append(message.id)
        }
    }

    private mutating func forget(_ id: String) {
        guard let message = byID.removeValue(forKey: id) else { return }
        Self.removeFirst(of: message.recipient, in: &byRecipient)
        if let reference = message.reference { Self.removeFirst(of: reference, in: &byReference) }
    }

    private static func removeFirst(of key: String, in index: inout [String: [String]]) {
        index[key]?.removeFirst()
        if index[key]?.isEmpty == true { index[key] = nil }
    }

    /// The messages to a person through one account, latest first.
    func messages(
        to recipient: String,
        from account: Account,
        atMost limit: Int
    ) -> [SentMessage] {
        let all = (byRecipient[recipient] ?? []).lazy.reversed().compactMap { byID[$0] }
        return Array(all.filter { $0.account == account }.prefix(limit))
    }

    /// The messages to a person through any account of the provider, latest first.
    func messages(
        to recipient: String,
        by provider: Provider,
        atMost limit: Int
    ) -> [SentMessage] {
        let all = (byRecipient[recipient] ?? []).lazy.reversed().compactMap { byID[$0] }
        return Array(all.filter { $0.account.provider == provider }.prefix(limit))
    }

    func messages(referring reference: String, from account: Account) -> [SentMessage] {
        (byReference[reference] ?? []).compactMap { byID[$0] }.filter { $0.account == account }
    }

    /// At most `limit` messages after the first `since`, and the start of the next page.
    func page(since: Int, limit: Int) -> (messages: [SentMessage], next: Int) {
        let start = min(max(since, count - order.count), count)
        let end = min(start + limit, count)
        return ((start..<end).compactMap { byID[order[$0 % Self.limit]] }, end)
    }

    subscript(id: String) -> SentMessage? { byID[id] }

    mutating func add(_ receipt: SentMessage.Receipt, to id: String) {
        byID[id]?.receipts.append(receipt)
    }

    mutating func add(_ answer: SentMessage.Answer, to id: String) {
        byID[id]?.answers.append(answer)
    }
}
