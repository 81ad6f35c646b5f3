internal import Campaigns
internal import Contacts
internal import Database
internal import FunctionContract
internal import Providers

extension Reading {
    /// Applies visits in order of arrival: after a number change, later visits find the contact
    /// under the new number.
    mutating func apply(_ visits: [Visit]) throws(DatabaseError) {
        var together: [Visit] = []
        for visit in visits {
            guard case .identityChanged(let change) = visit.said.meaning else {
                together.append(visit)
                continue
            }
            try meet(together)
            together = []
            try transaction.query(ContactSQL.move(change.old, to: change.new))
        }
        try meet(together)
        if leavers.isEmpty { return }
        try transaction.query(SubscriptionSQL.cancel(leavers.sorted()))
    }

    /// Handles all contacts at once. Several visits of one contact are handled in their order.
    private mutating func meet(_ visits: [Visit]) throws(DatabaseError) {
        if visits.isEmpty { return }
        let contacts = try Correspondents.contacts(of: visits.map(\.caller), in: transaction)
        try name(contacts, visits)
        let contexts = try Contexts(of: visits.map(\.said), in: transaction)
        var waves: [[Encounter]] = []
        var counts: [UUID: Int] = [:]
        for (visit, contact) in zip(visits, contacts) {
            guard let contact else { continue }
            let wave = counts[contact, default: 0]
            counts[contact] = wave + 1
            if wave == waves.count { waves.append([]) }
            waves[wave].append(Encounter(contact: contact, visit: visit))
        }
        for wave in waves { try hear(wave, contexts) }
    }

    /// Gives contacts without a name the first profile name of their visits.
    private func name(_ contacts: [UUID?], _ visits: [Visit]) throws(DatabaseError) {
        var names: [UUID: String] = [:]
        for case (let contact?, let visit) in zip(contacts, visits) where names[contact] == nil {
            names[contact] = visit.caller.party.profileName
        }
        if !names.isEmpty { try transaction.query(ContactSQL.name(names)) }
    }

    /// Records one encounter per contact.
    private mutating func hear(
        _ encounters: [Encounter],
        _ contexts: Contexts
    ) throws(DatabaseError) {
        var changes = SubscriptionChanges()
        var spoken: [(encounter: Encounter, interaction: Interaction)] = []
        for encounter in encounters {
            let said = encounter.visit.said
            switch said.meaning {
            case .said(let utterance):
                let context = contexts.name(utterance.context, on: said.channel)
                spoken.append((encounter, encounter.interaction(utterance, context: context)))
            case .preference(let preference, let at, let key):
                let note = SubscriptionSQL.note(
                    preference,
                    of: encounter.contact,
                    on: said.channel,
                    key: key,
                    at: at
                )
                guard try !transaction.query(note).isEmpty else { continue }
                changes.set(preference.allowsMarketing, of: encounter.contact, at: at)
            case .identityChanged, .moved, .amended, .template, .channel, .nothing, .unknown:
                continue
            }
        }
        let answers = try Answers.record(spoken.map(\.interaction), in: transaction)
        for (answer, spoken) in zip(answers, spoken) {
            if answer.message2 != nil {
                hasQueued = true
                leavers.insert(spoken.interaction.contact)
            }
            if answer.isNew { changes.follow(spoken.interaction, to: spoken.encounter.recipient) }
        }
        leavers.formUnion(changes.leavers)
        if try changes.apply(in: transaction) { hasQueued = true }
    }
}

/// A visit whose contact is known.
private struct Encounter {
    let contact: UUID
    let visit: Visit

    var recipient: ContactIdentity? { visit.caller.party.identities.first }

    func interaction(_ utterance: Utterance, context: String?) -> Interaction {
        Interaction(
            utterance.kind,
            from: contact,
            on: visit.said.channel,
            at: utterance.at,
            content: utterance.content,
            providerID: utterance.providerID,
            context: context
        )
    }
}

/// The opt-outs and opt-ins of contacts, and the farewells that confirm opt-outs.
private struct SubscriptionChanges {
    private(set) var leavers: [UUID] = []
    private var statements: [Statement] = []
    /// The indexes of the statements that queue a farewell.
    private var farewells: [Int] = []

    mutating func set(_ wants: Bool, of contact: UUID, at: Timestamp) {
        if wants {
            statements.append(ContactSQL.comeBack(contact, at: at))
        } else {
            statements.append(ContactSQL.leave(contact, at: at))
            leavers.append(contact)
        }
    }

    /// Adds the changes that a new interaction makes to the subscription.
    mutating func follow(_ interaction: Interaction, to recipient: ContactIdentity?) {
        switch interaction.kind {
        case .optIn: set(true, of: interaction.contact, at: interaction.at)
        case .optOut:
            set(false, of: interaction.contact, at: interaction.at)
            guard let recipient else { return }
            farewells.append(statements.count)
            statements.append(
                SubscriptionSQL.confirm(
                    interaction.contact,
                    on: interaction.channel,
                    to: recipient,
                    at: interaction.at
                )
            )
        case .reply, .choice, .reaction, .click, .call: return
        }
    }

    /// Returns whether a farewell was queued.
    func apply(in transaction: Transaction) throws(DatabaseError) -> Bool {
        if statements.isEmpty { return false }
        let results = try transaction.pipeline(statements)
        return farewells.contains { !results[$0].isEmpty }
    }
}

/// The provider names under which we know the answered messages.
private struct Contexts {
    private var known: Set<Name> = []

    private struct Name: Hashable {
        let channel: UUID
        let value: String
    }

    /// Some providers have several names for a message; we store one of them.
    init(of saids: [Said], in transaction: Transaction) throws(DatabaseError) {
        var names: [Name] = []
        for said in saids {
            guard case .said(let utterance) = said.meaning, utterance.context.count > 1 else {
                continue
            }
            names += utterance.context.map { Name(channel: said.channel, value: $0) }
        }
        if names.isEmpty { return }
        let statement = NewsSQL.known(names.map(\.value), on: names.map(\.channel))
        for row in try transaction.query(statement) {
            known.insert(
                Name(channel: try row.get("channel"), value: try row.get("provider_id"))
            )
        }
    }

    func name(_ names: [String], on channel: UUID) -> String? {
        names.sorted().first { known.contains(Name(channel: channel, value: $0)) } ?? names.first
    }
}
