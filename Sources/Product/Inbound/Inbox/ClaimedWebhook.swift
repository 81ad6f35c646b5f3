internal import Database
internal import FunctionContract
internal import Providers

/// One reader's claim on a webhook, until its lease runs out.
struct InboxTicket {
    let id: UUID
    let workspace: UUID
    /// The fencing token: every later claim has a higher one.
    let token: Int
    /// Tries that ended in an error.
    let attempts: Int
    /// Claims since any event was last read, this one included.
    let claims: Int
}

extension InboxTicket {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        workspace = try row.get("workspace")
        token = try row.get("lease_token")
        attempts = try row.get("attempts")
        claims = try row.get("claims")
    }
}

/// A webhook that one reader has claimed, and its events.
struct ClaimedWebhook {
    let ticket: InboxTicket
    /// The channel whose address was called.
    let channel: UUID
    let provider: Provider
    let receivedAt: Timestamp
    /// Receipts come first: an answer is attributed to a message that is known to be sent.
    let events: [DomainEvent]
    /// How many events were read before.
    let readCount: Int
}

/// Why a webhook cannot be read.
struct UnreadableWebhook: Error {
    let ticket: InboxTicket
    let words: String
    /// Tries before it is marked as failed for good.
    var tryLimit = Inbox.tryLimit
}

extension ClaimedWebhook {
    /// `known` is an earlier part of the same webhook, so that its body is parsed only once.
    init(
        _ row: Row,
        _ ticket: InboxTicket,
        known: ClaimedWebhook?
    ) throws(UnreadableWebhook) {
        guard ticket.claims <= Inbox.claimLimit else {
            let words = "its readers ended before they had read it, \(Inbox.claimLimit) times"
            throw UnreadableWebhook(ticket: ticket, words: words, tryLimit: 0)
        }
        let columns: Columns
        do {
            columns = try Columns(row)
        } catch {
            throw UnreadableWebhook(ticket: ticket, words: error.description)
        }
        guard let provider = Provider(rawValue: columns.provider) else {
            throw UnreadableWebhook(
                ticket: ticket,
                words: "this program knows no provider \(columns.provider): it may be too old",
                tryLimit: Inbox.patientTryLimit
            )
        }
        self.ticket = ticket
        self.provider = provider
        channel = columns.channel
        receivedAt = columns.receivedAt
        if let known, known.ticket.id == ticket.id {
            events = known.events
        } else {
            do {
                events = Self.ordered(try provider.events(in: columns.body))
            } catch {
                throw UnreadableWebhook(ticket: ticket, words: error.description)
            }
        }
        // Another version of this program may find other events in the same body; then it is read
        // from the start.
        let isSame = columns.eventCount == events.count && columns.readCount <= events.count
        readCount = isSame ? columns.readCount : 0
    }

    private static func ordered(_ events: [DomainEvent]) -> [DomainEvent] {
        events.filter(\.isReceipt) + events.filter { !$0.isReceipt }
    }

    private struct Columns {
        let provider: String
        let channel: UUID
        let receivedAt: Timestamp
        let body: [UInt8]
        let eventCount: Int?
        let readCount: Int

        init(_ row: Row) throws(DatabaseError) {
            provider = try row.get("provider")
            channel = try row.get("channel")
            receivedAt = try row.get("received_at")
            body = try row.get("body")
            eventCount = try row.get("event_count")
            readCount = try row.get("read_count")
        }
    }
}

extension DomainEvent {
    fileprivate var isReceipt: Bool {
        switch kind {
        case .status, .echo: true
        case .message, .reaction, .edited, .revoked, .template, .account, .session, .preference,
            .identityChanged, .call, .technical, .unknown:
            false
        }
    }
}
