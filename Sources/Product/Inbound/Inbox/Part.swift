internal import Contacts
internal import FunctionContract
internal import Providers

/// The events that one transaction reads: they come from webhooks of one line, in order.
struct Part {
    /// The most events in one part. A part takes a second at most, so that no line waits longer for
    /// its turn.
    static let eventLimit = 250
    /// The most names of people in one part. Each is a lock in the server's shared lock table,
    /// which has room for 6,400 by default: enough for 12 readers at once.
    static let nameLimit = 512

    /// The events of one webhook in the part.
    struct Slice {
        let webhook: ClaimedWebhook
        let range: Range<Int>
        let pieces: [Piece]
        /// Events that were not understood, or that name channels of other workspaces.
        var unknownCount = 0
        /// Why its only event could not be read.
        var failure: String?

        var isLast: Bool { range.upperBound == webhook.events.count }

        /// A webhook without events counts as one.
        fileprivate var weight: Int { max(1, range.count) }

        fileprivate func split(after count: Int) -> (head: Slice, tail: Slice) {
            let place = range.lowerBound + count
            return (
                Slice(
                    webhook: webhook,
                    range: range.lowerBound..<place,
                    pieces: Array(pieces.prefix(count))
                ),
                Slice(
                    webhook: webhook,
                    range: place..<range.upperBound,
                    pieces: Array(pieces.dropFirst(count))
                )
            )
        }
    }

    private(set) var slices: [Slice] = []
    /// Claimed webhooks with no event in this part.
    private(set) var rest: [InboxTicket] = []
    /// Whether the reader goes on with the events after this part, and keeps their webhooks.
    private(set) var isFollowed = false

    /// Takes at least one event, if there is any.
    init(of webhooks: [ClaimedWebhook]) {
        var room = Room()
        for webhook in webhooks {
            let slice = Self.slice(of: webhook, &room)
            if let slice { slices.append(slice) } else { rest.append(webhook.ticket) }
        }
    }

    private init(_ slices: [Slice], rest: [InboxTicket], isFollowed: Bool) {
        self.slices = slices
        self.rest = rest
        self.isFollowed = isFollowed
    }

    var workspace: UUID { slices[0].webhook.ticket.workspace }
    var channel: UUID { slices[0].webhook.channel }
    var isSingle: Bool { slices.count == 1 && slices[0].range.count <= 1 }

    /// The same events as two parts, to be read one after the other.
    var halves: (first: Part, second: Part) {
        precondition(!isSingle, "one event cannot be halved")
        var (first, second): ([Slice], [Slice]) = ([], [])
        var room = slices.reduce(0) { $0 + $1.weight } / 2
        for slice in slices {
            if slice.weight <= room {
                first.append(slice)
            } else if room > 0 {
                let (head, tail) = slice.split(after: room)
                first.append(head)
                second.append(tail)
            } else {
                second.append(slice)
            }
            room = max(0, room - slice.weight)
        }
        let begun = first.last?.webhook.ticket.id
        let later = second.map(\.webhook.ticket).filter { $0.id != begun }
        return (
            Part(first, rest: later + rest, isFollowed: true),
            Part(second, rest: rest, isFollowed: isFollowed)
        )
    }

    /// Marks the part's only event as failed, so that it is skipped.
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

    /// The room that is left in a part.
    private struct Room {
        var events = 0
        var names = 0

        mutating func takes(_ piece: Piece) -> Bool {
            let isFull = events >= eventLimit || names + piece.nameCount > nameLimit
            guard events == 0 || !isFull else {
                // Close the part: a later event must not overtake this one.
                events = eventLimit
                return false
            }
            events += 1
            names += piece.nameCount
            return true
        }
    }
}

/// One event, translated into our model.
struct Piece {
    let meaning: Meaning
    let reference: ChannelReference
    /// The people that the event names; the first one acts.
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

/// A person, and the numbers under which the contact may be stored.
struct Person {
    let party: Party
    let phones: [E164]

    init(_ party: Party) {
        self.party = party.storable
        phones = party.phones
    }
}
