package import Database
package import FunctionContract
package import Providers

/// Who a provider means: the contact behind the names that it gives someone.
package enum Correspondents {
    /// Locks all names of these people until the transaction ends: two webhooks of one newcomer
    /// wait for each other here and find one contact. Everybody locks all at once and in one order,
    /// so that nobody waits in a circle.
    package static func hold(
        _ people: [Correspondent],
        in transaction: Transaction
    ) throws(DatabaseError) {
        let names = Set(people.flatMap(\.locks))
        if !names.isEmpty { try transaction.query(CorrespondentSQL.lock(names)) }
    }

    /// For each the contact who is known by one of the names; when there is none, a new one. The
    /// names that were not known yet are remembered, and contacts who turn out to be one person
    /// become one. Nil for somebody without any name.
    ///
    /// The names are to be held.
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

    /// The person is known to be this contact: by the names that are new, too. Who was taken for
    /// somebody else becomes one with the contact, if the two can be one.
    ///
    /// The names are to be held.
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
