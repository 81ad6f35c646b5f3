internal import Campaigns
internal import Contacts
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// Applies the events of webhooks in one transaction of their workspace. Repeated, late or
/// reordered events lead to the same state.
struct Reading {
    let transaction: Transaction
    private let roster: ChannelRoster
    /// Whether a Message 2 or a farewell was queued.
    var hasQueued = false
    /// Contacts whose queued messages may have to be cancelled.
    var leavers: Set<UUID> = []

    init(of address: UUID, in transaction: Transaction) throws(DatabaseError) {
        self.transaction = transaction
        roster = try ChannelRoster(of: address, in: transaction)
    }

    /// Applies the events of the part, and counts in each webhook the events that were not
    /// understood.
    ///
    /// Receipts are applied first: an answer is attributed to a message that is known to be sent.
    /// Every reader locks the names of people before any message.
    mutating func apply(_ part: inout Part) throws(DatabaseError) {
        let told = sort(&part)
        let strangers = try Strangers(in: told.notes, transaction)
        try Correspondents.hold(told.people + strangers.people, in: transaction)
        for channel in told.notes.keys.sorted() {
            try Deliveries.apply(told.notes[channel] ?? [], on: channel, in: transaction)
        }
        try strangers.introduce()
        try apply(told.news)
        try apply(told.visits)
    }

    /// The events of a part, by kind of action.
    private struct Told {
        var notes: [UUID: [DeliveryNote]] = [:]
        var news: [Said] = []
        var visits: [Visit] = []

        var people: [Correspondent] { visits.flatMap { [$0.caller] + $0.others } }
    }

    private func sort(_ part: inout Part) -> Told {
        var told = Told()
        for (place, slice) in part.slices.enumerated() {
            var unknown = 0
            for piece in slice.pieces {
                guard piece.meaning != .unknown,
                    let channel = roster.channel(of: piece.reference)
                else {
                    unknown += 1
                    continue
                }
                let said = Said(
                    meaning: piece.meaning,
                    channel: channel,
                    reference: piece.reference
                )
                switch piece.meaning {
                case .moved(let note): told.notes[channel, default: []].append(note)
                case .said, .preference, .identityChanged:
                    told.visits.append(Visit(said, piece.people))
                case .amended, .template, .channel: told.news.append(said)
                case .nothing, .unknown: continue
                }
            }
            part.count(unknown: unknown, in: place)
        }
        return told
    }
}

/// A meaning and its channel.
struct Said {
    let meaning: Meaning
    let channel: UUID
    let reference: ChannelReference
}

/// An event about a contact.
struct Visit {
    let said: Said
    let caller: Correspondent
    /// The other people that the event names.
    let others: [Correspondent]

    init(_ said: Said, _ people: [Person]) {
        let people = people.map {
            Correspondent($0.party, phones: $0.phones, on: said.channel)
        }
        self.said = said
        caller = people[0]
        others = Array(people.dropFirst())
    }
}

// MARK: - News

extension Reading {
    /// Applies news in order of arrival, in one round trip.
    private func apply(_ news: [Said]) throws(DatabaseError) {
        let statements = news.compactMap(statement)
        if !statements.isEmpty { try transaction.pipeline(statements) }
    }

    private func statement(_ said: Said) -> Statement? {
        switch said.meaning {
        case .amended(let amendment): return NewsSQL.amend(amendment, on: said.channel)
        case .template(let update, let at):
            return (said.reference.accountID ?? roster.address.accountID).flatMap {
                NewsSQL.template(update, account: $0, at: at)
            }
        case .channel(let news):
            let channels = roster.channels(of: said.reference)
            let code = news.source.rawValue
            switch news.verdict {
            case .pause(let reason):
                return NewsSQL.pause(channels, code: code, reason: reason.stored, at: news.at)
            case .rest(let until, let reason):
                return NewsSQL.rest(channels, until: until, reason: reason.stored, at: news.at)
            case .resume: return NewsSQL.resume(channels, code: code, at: news.at)
            case .note(let note): return NewsSQL.note(note, on: channels, at: news.at)
            }
        case .moved, .said, .preference, .identityChanged, .nothing, .unknown: return nil
        }
    }
}
