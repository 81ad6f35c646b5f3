internal import Contacts
internal import FunctionContract
internal import Providers

/// What one transaction reads: events of webhooks of one line, in order.
struct Part {
    /// Events in one part. It takes a second at most, so that nobody waits longer for a turn.
    static let eventLimit = 250
    /// Names of people in one part. Each is a lock in the server's shared table, which has room for
    /// 6,400 by default: that is 12 readers at once.
    static let nameLimit = 512

    /// The share of one webhook.
    struct Slice {
        let webhook: ClaimedWebhook
        let range: Range<Int>
        let pieces: [Piece]
        /// How much of it nobody understood, or was about channels that are not this workspace's.
        var unknownCount = 0
        /// Why its one event could not be read.
        var failure: String?

        var isLast: Bool { range.upperBound == webhook.events.count }
    }

    private(set) var slices: [Slice] = []
    /// What was claimed and has no place in this part.
    private(set) var rest: [InboxTicket] = []

    /// At least one event, if there is any.
    init(of webhooks: [ClaimedWebhook]) {
        var room = Room()
        for webhook in webhooks {
            let slice = Self.slice(of: webhook, &room)
            if let slice { slices.append(slice) } else { rest.append(webhook.ticket) }
        }
    }

    private init(_ slice: Slice) {
        slices = [slice]
    }

    var workspace: UUID { slices[0].webhook.ticket.workspace }
    var channel: UUID { slices[0].webhook.channel }
    var isSingle: Bool { slices.count == 1 && slices[0].range.count <= 1 }

    /// The same, event by event.
    var singles: [Part] {
        slices.flatMap { slice in
            if slice.range.isEmpty { return [Part(slice)] }
            return zip(slice.range, slice.pieces).map { place, piece in
                Part(Slice(webhook: slice.webhook, range: place..<place + 1, pieces: [piece]))
            }
        }
    }

    /// Its one event is passed over.
    func failed(_ error: String) -> Part {
        precondition(isSingle, "only one event is passed over at a time")
        var part = self
        part.slices[0].failure = error
        return part
    }

    mutating func count(unknown: Int, in slice: Int) {
        slices[slice].unknownCount = unknown
    }

    private static func slice(of webhook: ClaimedWebhook, _ room: inout Room) -> Slice? {
        let start = webhook.readCount
        var pieces: [Piece] = []
        for event in webhook.events[start...] {
            let piece = Piece(event, of: webhook)
            guard room.takes(piece) else { break }
            pieces.append(piece)
        }
        guard !pieces.isEmpty || start == webhook.events.count else { return nil }
        return Slice(webhook: webhook, range: start..<start + pieces.count, pieces: pieces)
    }

    /// What still fits in.
    private struct Room {
        var events = 0
        var names = 0

        mutating func takes(_ piece: Piece) -> Bool {
            let isFull = events >= eventLimit || names + piece.nameCount > nameLimit
            guard events == 0 || !isFull else {
                // Nothing behind it goes before it.
                events = eventLimit
                return false
            }
            events += 1
            names += piece.nameCount
            return true
        }
    }
}

/// One event, in the words of our model.
struct Piece {
    let meaning: Meaning
    let reference: ChannelReference
    /// The people whom it is about, the one who acts first.
    let people: [Person]

    init(_ event: DomainEvent, of webhook: ClaimedWebhook) {
        meaning = Meaning(event, from: webhook.provider, received: webhook.receivedAt)
        reference = event.channel
        people =
            switch meaning {
            case .said(let utterance): [Person(utterance.party)]
            case .preference(let preference, _, _): [Person(preference.party)]
            case .identityChanged(let change): [Person(change.old), Person(change.new)]
            case .moved, .amended, .template, .channel, .nothing, .unknown: []
            }
    }

    var nameCount: Int {
        people.reduce(0) { $0 + Correspondent.lockCount($1.party, $1.phones) }
    }
}

/// Somebody, and the numbers under which the contact may stand.
struct Person {
    let party: Party
    let phones: [E164]

    init(_ party: Party) {
        self.party = party.storable
        phones = party.phones
    }
}
