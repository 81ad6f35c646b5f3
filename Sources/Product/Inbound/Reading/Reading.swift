internal import Campaigns
internal import Contacts
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// What webhooks say, applied in one transaction of their workspace. Saying it twice, late or in
/// another order comes to the same.
struct Reading {
    private let transaction: Transaction
    private let roster: ChannelRoster
    /// Something is to be sent now: Message 2, or a farewell.
    private(set) var hasQueued = false
    /// Contacts for whom something may wait that they do not want any more.
    private var leavers: Set<UUID> = []

    init(of address: UUID, in transaction: Transaction) throws(DatabaseError) {
        self.transaction = transaction
        roster = try ChannelRoster(of: address, in: transaction)
    }

    /// Applies what the webhooks say and counts in each what nobody understood.
    ///
    /// Receipts come first: an answer is attributed to a message of which they say that it is out.
    mutating func apply(_ webhooks: inout [ReadWebhook]) throws(DatabaseError) {
        var notes: [UUID: [DeliveryNote]] = [:]
        var visits: [Visit] = []
        for place in webhooks.indices {
            for said in meanings(of: &webhooks[place]) {
                switch said.meaning {
                case .moved(let note): notes[said.channel, default: []].append(note)
                case .said(let utterance): visits.append(Visit(said, utterance.party))
                case .preference(let change, _, _): visits.append(Visit(said, change.party))
                case .numberChanged(let change): visits.append(Visit(said, change.old))
                case .amended(let amendment):
                    try transaction.query(NewsSQL.amend(amendment, on: said.channel))
                case .template(let update, let at): try apply(update, said.reference, at: at)
                case .channel(let news): try apply(news, said.reference)
                case .nothing, .unknown: continue
                }
            }
        }
        for channel in notes.keys.sorted() {
            try Deliveries.apply(notes[channel] ?? [], on: channel, in: transaction)
        }
        try apply(visits)
    }

    private func meanings(of read: inout ReadWebhook) -> [Said] {
        var meanings: [Said] = []
        for event in read.events {
            let meaning = Meaning(
                event,
                from: read.webhook.provider,
                received: read.webhook.receivedAt
            )
            guard meaning != .unknown, let channel = roster.channel(of: event.channel) else {
                read.unknownCount += 1
                continue
            }
            meanings.append(Said(meaning: meaning, channel: channel, reference: event.channel))
        }
        return meanings
    }
}

/// A meaning and the channel that it belongs to.
struct Said {
    let meaning: Meaning
    let channel: UUID
    let reference: ChannelReference
}

/// Something about a contact.
private struct Visit {
    let said: Said
    let party: Party
    let turn: String

    init(_ said: Said, _ party: Party) {
        self.said = said
        self.party = party.storable
        turn = party.turn
    }
}

// MARK: - News

extension Reading {
    private func apply(
        _ update: TemplateUpdate,
        _ reference: ChannelReference,
        at: Timestamp
    ) throws(DatabaseError) {
        guard let account = reference.accountID ?? roster.address.accountID,
            let statement = NewsSQL.template(update, account: account, at: at)
        else { return }
        try transaction.query(statement)
    }

    private func apply(
        _ news: ChannelNews,
        _ reference: ChannelReference
    ) throws(DatabaseError) {
        let channels = roster.channels(of: reference)
        let code = news.source.rawValue
        switch news.verdict {
        case .pause(let reason):
            try transaction.query(
                NewsSQL.pause(channels, code: code, reason: reason.stored, at: news.at)
            )
        case .resume:
            try transaction.query(NewsSQL.resume(channels, code: code, at: news.at))
        }
    }
}

// MARK: - Contacts

extension Reading {
    /// Contact by contact, and for each in the order in which it came.
    private mutating func apply(_ visits: [Visit]) throws(DatabaseError) {
        let places = visits.indices.sorted {
            (visits[$0].turn, $0) < (visits[$1].turn, $1)
        }
        for place in places { try apply(visits[place]) }
        if leavers.isEmpty { return }
        try transaction.query(SubscriptionSQL.cancel(leavers.sorted()))
    }

    private mutating func apply(_ visit: Visit) throws(DatabaseError) {
        let channel = visit.said.channel
        switch visit.said.meaning {
        case .said(let utterance):
            guard let contact = try contact(visit.party, on: channel) else { return }
            try hear(utterance, from: contact, visit.party, on: channel)
        case .preference(let preference, let at, let key):
            guard let contact = try contact(visit.party, on: channel) else { return }
            let note = SubscriptionSQL.note(
                preference.allowsMarketing ? .optIn : .optOut,
                of: contact,
                on: channel,
                key: key,
                detail: preference.detail,
                at: at
            )
            guard try !transaction.query(note).isEmpty else { return }
            try subscribe(contact, preference.allowsMarketing, at: at)
        case .numberChanged(let change):
            try transaction.query(ContactSQL.move(change.old, to: change.new))
        case .moved, .amended, .template, .channel, .nothing, .unknown: return
        }
    }

    private func contact(_ party: Party, on channel: UUID) throws(DatabaseError) -> UUID? {
        let contact = try Correspondents.contact(
            of: party,
            phones: party.phones,
            on: channel,
            in: transaction
        )
        if let contact, let name = party.profileName {
            try transaction.query(ContactSQL.name(contact, name))
        }
        return contact
    }

    private mutating func hear(
        _ utterance: Utterance,
        from contact: UUID,
        _ party: Party,
        on channel: UUID
    ) throws(DatabaseError) {
        let interaction = Interaction(
            utterance.kind,
            from: contact,
            on: channel,
            at: utterance.at,
            content: utterance.content,
            providerID: utterance.providerID,
            context: try context(utterance.context, on: channel)
        )
        let attribution = try Answers.record(interaction, in: transaction)
        if attribution.message2 != nil {
            hasQueued = true
            leavers.insert(contact)
        }
        guard attribution.isNew else { return }
        switch utterance.kind {
        case .optOut:
            try subscribe(contact, false, at: utterance.at)
            guard let recipient = party.identities.first else { return }
            let confirm = SubscriptionSQL.confirm(
                contact,
                on: channel,
                to: recipient,
                at: utterance.at
            )
            if try !transaction.query(confirm).isEmpty { hasQueued = true }
        case .optIn: try subscribe(contact, true, at: utterance.at)
        case .reply, .choice, .reaction, .click: return
        }
    }

    private mutating func subscribe(
        _ contact: UUID,
        _ wants: Bool,
        at: Timestamp
    ) throws(DatabaseError) {
        guard !wants else {
            try transaction.query(ContactSQL.comeBack(contact, at: at))
            return
        }
        try transaction.query(ContactSQL.leave(contact, at: at))
        leavers.insert(contact)
    }

    /// Some providers have several names for a message; we know it by one.
    private func context(_ names: [String], on channel: UUID) throws(DatabaseError) -> String? {
        guard names.count > 1 else { return names.first }
        let known = try transaction.query(NewsSQL.known(names, on: channel)).first
        return try known?.get("provider_id") ?? names.first
    }
}
