package import Database
package import FunctionContract
package import Providers

/// Finds the contact behind the names that a provider gives a person.
package enum Correspondents {
    /// Locks all names of these people until the transaction ends. Two webhooks about one new
    /// person wait for each other here, so that only one contact is created. Each transaction takes
    /// all its locks at once and in one order, which prevents deadlocks.
    package static func hold(
        _ people: [Correspondent],
        in transaction: Transaction
    ) throws(DatabaseError) {
        let names = Set(people.flatMap(\.locks))
        if !names.isEmpty { try transaction.query(CorrespondentSQL.lock(names)) }
    }

    /// For each person, the contact that has one of the names, or a new contact if there is none.
    /// Nil for a person without any name.
    ///
    /// New names are stored, and contacts that turn out to be one person are merged. The caller
    /// must have locked the names with `hold`.
    package static func contacts(
        of people: [Correspondent],
        in transaction: Transaction
    ) throws(DatabaseError) -> [UUID?] {
        var book = try AddressBook(of: people, in: transaction)
        var contacts: [UUID?] = []
        for person in people { contacts.append(try book.contact(of: person)) }
        try book.write()
        return contacts.map { $0.map(book.survivor) }
    }

    /// Records that the person is this contact, and stores the new names. Other contacts that have
    /// one of the names are merged with this one if they can be one person.
    ///
    /// The caller must have locked the names with `hold`.
    package static func introduce(
        _ person: Correspondent,
        as contact: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) {
        var book = try AddressBook(of: [person], in: transaction)
        try book.add(person, to: contact)
        try book.write()
    }

    package static func contact(
        of party: Party,
        phones: [E164],
        on channel: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) -> UUID? {
        let person = Correspondent(party, phones: phones, on: channel)
        try hold([person], in: transaction)
        return try contacts(of: [person], in: transaction)[0]
    }
}
