import Accounts
import Campaigns
import Database
import FunctionContract
import Glibc
import Messages
import SeededRandom
import Testing

/// A campaign of many messages, everything that contacts and provider say about it, and what the
/// tables say afterwards.
struct CampaignTraffic {
    let world: InboundWorld
    private(set) var bodies: [String] = []

    /// The same traffic for the same seed, in a world of its own.
    init(to contacts: Int, in world: InboundWorld, seed: UInt64) throws {
        self.world = world
        var random = SeededRandom(seed: seed)
        let campaign = try world.addCampaign()
        // No receipt ever tells of this one, so receipts of messages that nobody knows are kept to
        // the end, in whatever order they come.
        try world.addUnknownMessage()
        for place in 0..<contacts {
            let contact = try world.addContact("+\(Self.number(place))")
            // Of some sends the answer was lost: only a receipt tells what became of them.
            let isUnknown = place % 5 == 4
            var reference: String?
            if isUnknown {
                let message = try world.addUnknownMessage(to: contact, of: campaign)
                reference = AttemptReference(message: message, attempt: 1).text
            } else {
                try world.addMessage(
                    "wamid.m\(place)",
                    to: contact,
                    of: campaign,
                    acceptedAt: Timestamp(microseconds: Int64(Self.start) * 1_000_000)
                )
            }
            addReceipts(place, reference, &random)
            addWords(place, &random)
        }
    }

    /// Everything twice in any order.
    func shuffled(seed: UInt64) -> [String] {
        var random = SeededRandom(seed: seed)
        return (bodies + bodies).shuffled(using: &random)
    }

    private static let start = MetaWebhook.now - 3600

    private static func number(_ place: Int) -> String { "22990\(100_000 + place)" }

    private mutating func addReceipts(
        _ place: Int,
        _ reference: String?,
        _ random: inout SeededRandom
    ) {
        let meta = MetaWebhook(channel: world.channel)
        let statuses =
            place % 7 == 6
            ? ["sent", "failed"]
            : Array(["sent", "delivered", "read"].prefix(Int.random(in: 1...3, using: &random)))
        for (step, status) in statuses.enumerated() {
            bodies.append(
                meta.status(
                    "wamid.m\(place)",
                    status,
                    at: Self.start + 10 * step + place,
                    reference: reference
                )
            )
        }
        // Receipts for messages that nobody knows.
        if place % 10 == 0 {
            bodies.append(meta.status("wamid.x\(place)", "delivered", at: Self.start))
        }
    }

    private mutating func addWords(_ place: Int, _ random: inout SeededRandom) {
        guard place % 7 != 6 else { return }
        let meta = MetaWebhook(channel: world.channel)
        for reply in 0..<Int.random(in: 0...3, using: &random) {
            bodies.append(
                meta.text(
                    "wamid.r\(place).\(reply)",
                    from: Self.number(place),
                    "Réponse \(reply) 👍",
                    at: Self.start + 100 + reply,
                    name: "Contact \(place)",
                    context: reply == 1 ? "wamid.m\(place)" : nil
                )
            )
        }
        if place % 4 == 0 {
            let at = Self.start + 200
            bodies.append(
                meta.text(
                    "wamid.s\(place)",
                    from: Self.number(place),
                    "STOP",
                    at: at,
                    name: "Contact \(place)"
                )
            )
        }
        if place % 3 == 0 {
            bodies.append(
                meta.text(
                    "wamid.n\(place)",
                    from: "2289100\(1000 + place)",
                    "Bonjour",
                    at: Self.start
                )
            )
        }
    }

    /// What is in one state and not in the other.
    func difference(from other: CampaignTraffic) throws -> [String] {
        let mine = try state()
        let theirs = try other.state()
        return mine.subtracting(theirs).map { "+ \($0)" }.sorted()
            + theirs.subtracting(mine).map { "- \($0)" }.sorted()
    }

    /// The state of everything, without what differs from run to run: our ids and our clock. A line
    /// for each row; equal rows are numbered.
    private func state() throws -> Set<String> {
        var lines: Set<String> = []
        for (name, query) in Self.queries {
            let rows = try world.owner.query(
                Statement(
                    """
                    SELECT concat(line, ' #', row_number() OVER (PARTITION BY line)) AS line
                    FROM (\(query)) AS lines
                    """
                )
            )
            for row in rows { lines.insert("\(name) \(try row.get("line", as: String.self))") }
        }
        return lines
    }

    private static let queries: [(String, String)] = [
        (
            "messages",
            """
            SELECT concat_ws(' ', contact.phone, step, message.status, message.attempts,
                extract(epoch FROM accepted_at)::bigint, extract(epoch FROM sent_at)::bigint,
                extract(epoch FROM delivered_at)::bigint, extract(epoch FROM read_at)::bigint,
                extract(epoch FROM failed_at)::bigint, body, message.reason ->> 'code',
                recipient_kind, recipient) AS line
            FROM relais.message JOIN relais.contact ON contact.id = message.contact
            """
        ),
        (
            "references",
            """
            SELECT concat_ws(' ', provider_id, phone, reference.attempt) AS line
            FROM relais.message_reference AS reference
            JOIN relais.message ON message.id = reference.message
            JOIN relais.contact ON contact.id = message.contact
            """
        ),
        (
            "outbox",
            """
            SELECT concat_ws(' ', phone, step, priority, state, attempt) AS line
            FROM relais.outbox JOIN relais.message ON message.id = outbox.message
            JOIN relais.contact ON contact.id = message.contact
            """
        ),
        (
            "contacts",
            """
            SELECT concat_ws(' ', phone, first_name, status, whatsapp_verified, opted_in_at,
                extract(epoch FROM status_changed_at)::bigint,
                extract(epoch FROM last_activity_at)::bigint) AS line
            FROM relais.contact
            """
        ),
        (
            "names",
            """
            SELECT concat_ws(' ', phone, kind, value) AS line
            FROM relais.contact_identity JOIN relais.contact ON id = contact
            """
        ),
        (
            "interactions",
            """
            SELECT concat_ws(' ', phone, kind, content, provider_id, campaign IS NULL,
                message IS NULL, extract(epoch FROM received_at)::bigint) AS line
            FROM relais.interaction JOIN relais.contact ON contact.id = interaction.contact
            """
        ),
        (
            "orphans",
            "SELECT concat_ws(' ', provider_id, status) AS line FROM relais.orphan_status"
        ),
        (
            "conversations",
            """
            SELECT concat_ws(' ', phone, extract(epoch FROM last_inbound_at)::bigint) AS line
            FROM relais.conversation JOIN relais.contact ON id = contact
            """
        ),
    ]
}
