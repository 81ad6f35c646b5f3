internal import Database
internal import FunctionContract
internal import Providers

/// Maps names to contacts for the people of one batch. `contact(of:)` and `add(_:to:)` collect new
/// contacts and names; `write()` stores them.
struct AddressBook {
    private let transaction: Transaction
    private var entries: [Correspondent.Name: Entry] = [:]
    private var newcomers: [Newcomer] = []
    private var newNames: [NewName] = []
    /// The surviving contact of each merged contact.
    private var successors: [UUID: UUID] = [:]

    init(of people: [Correspondent], in transaction: Transaction) throws(DatabaseError) {
        self.transaction = transaction
        let names = Set(people.flatMap(\.keys))
        if names.isEmpty { return }
        for row in try transaction.query(CorrespondentSQL.find(names)) {
            let name = Correspondent.Name(
                kind: try row.get("kind"),
                value: try row.get("value"),
                channel: try row.get("channel")
            )
            let (contact, since) = (try row.get("contact", as: UUID.self), "created_at")
            entries[name] = Entry(contact: contact, since: try row.get(since))
        }
    }

    /// The contact that has one of the names; a new contact if there is none.
    mutating func contact(of person: Correspondent) throws(DatabaseError) -> UUID? {
        if person.keys.isEmpty { return nil }
        let known = known(person)
        guard let first = known.first else { return add(person) }
        var contact = first
        for other in known.dropFirst() { contact = try merge(contact, other, person.phones) }
        remember(person, contact)
        return contact
    }

    /// Adds the names of a person who is known to be `contact`.
    mutating func add(_ person: Correspondent, to contact: UUID) throws(DatabaseError) {
        var contact = contact
        for other in known(person) where other != contact {
            contact = try merge(contact, other, person.phones)
        }
        remember(person, contact)
    }

    func survivor(_ contact: UUID) -> UUID {
        var contact = contact
        while let successor = successors[contact] { contact = successor }
        return contact
    }

    /// Writes the contacts and names collected since the last write.
    mutating func write() throws(DatabaseError) {
        var statements: [Statement] = []
        if !newcomers.isEmpty { statements.append(CorrespondentSQL.add(newcomers)) }
        if !newNames.isEmpty { statements.append(CorrespondentSQL.name(newNames)) }
        if !statements.isEmpty { try transaction.pipeline(statements) }
        (newcomers, newNames) = ([], [])
    }

    /// The contacts that have one of the names, the most reliable first. A phone is more reliable
    /// than other names, and an older name more than a newer one.
    private func known(_ person: Correspondent) -> [UUID] {
        let found = person.keys.compactMap { name in
            entries[name].map { (rank: name.isPhone ? 0 : 1, entry: $0) }
        }
        let sorted = found.sorted {
            ($0.rank, $0.entry.since, $0.entry.contact)
                < ($1.rank, $1.entry.since, $1.entry.contact)
        }
        var contacts: [UUID] = []
        for contact in sorted.map(\.entry.contact) where !contacts.contains(contact) {
            contacts.append(contact)
        }
        return contacts
    }

    private mutating func add(_ person: Correspondent) -> UUID {
        let id = UUID.v7()
        let phone = person.phones.first
        newcomers.append(Newcomer(id: id, phone: phone, name: person.party.profileName))
        if let phone { entries[Correspondent.Name(phone)] = Entry(contact: id, since: .now) }
        remember(person, id)
        return id
    }

    /// A name that belongs to another contact stays with that contact.
    private mutating func remember(_ person: Correspondent, _ contact: UUID) {
        for name in person.names where entries[name] == nil {
            entries[name] = Entry(contact: contact, since: .now)
            newNames.append(NewName(contact: contact, name: name))
        }
    }

    /// Merges the younger contact into the older one and returns the older. Returns `known` if the
    /// two cannot be one person.
    private mutating func merge(
        _ known: UUID,
        _ other: UUID,
        _ phones: [E164]
    ) throws(DatabaseError) -> UUID {
        try write()
        let same = MergeSQL.same(as: known, other: other, phones)
        guard let row = try transaction.query(same).first else { return known }
        let isOlder: Bool = try row.get("is_older")
        let (older, younger) = isOlder ? (other, known) : (known, other)
        let phone: String? = try row.get(isOlder ? "known_phone" : "other_phone")
        try transaction.pipeline(MergeSQL.merge(younger, into: older, phone: phone))
        successors[younger] = older
        for (name, entry) in entries where entry.contact == younger {
            entries[name] = Entry(contact: older, since: entry.since)
        }
        return older
    }

    private struct Entry {
        let contact: UUID
        /// When the name became known; for a phone, when the contact was created.
        let since: Timestamp
    }

    struct Newcomer {
        let id: UUID
        let phone: E164?
        let name: String?
    }

    struct NewName {
        let contact: UUID
        let name: Correspondent.Name
    }
}
