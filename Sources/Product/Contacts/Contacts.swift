package import Database
package import FunctionContract

/// The contacts of a workspace that `identity` may see and change.
package struct Contacts {
    package static let batchLimit = 10_000
    package static let pageLimit = 50

    private let connection: Connection
    private let identity: Identity

    package init(_ connection: Connection, as identity: Identity) {
        self.connection = connection
        self.identity = identity
    }

    /// Adds all contacts or none.
    package func add(_ contacts: [Contact]) throws(ContactError) {
        guard contacts.count <= Self.batchLimit else {
            throw .tooMany("contacts", limit: Self.batchLimit)
        }
        do throws(ContactError) {
            try run(ContactSQL.add(contacts))
        } catch {
            guard case .database(let cause) = error, cause.constraint == "contact_phone",
                let phone = try takenPhone(among: contacts)
            else { throw error }
            throw .phoneTaken(phone)
        }
    }

    /// The first number that occurs twice, or that a contact of the workspace already has. It makes
    /// no difference which member created that contact.
    private func takenPhone(among contacts: [Contact]) throws(ContactError) -> String? {
        let phones = contacts.compactMap(\.phone?.text)
        var seen: Set<String> = []
        if let twice = phones.first(where: { !seen.insert($0).inserted }) { return twice }
        let rows = try run(ContactSQL.taken(phones))
        return try ContactError.wrap { () throws(DatabaseError) in
            let taken = Set(
                try rows.column("phone", as: String.self)
            )
            return phones.first { taken.contains($0) }
        }
    }

    package func find(_ id: UUID) throws(ContactError) -> Contact? {
        try contacts(ContactSQL.read(id)).first
    }

    /// A page of contacts in the order of their creation.
    package func page(
        after id: UUID? = nil,
        limit: Int = pageLimit
    ) throws(ContactError) -> [Contact] {
        try contacts(ContactSQL.page(after: id, limit: min(limit, Self.pageLimit)))
    }

    package func delete(_ id: UUID) throws(ContactError) {
        guard try run(ContactSQL.delete(id)).affected == 1 else { throw .contactMissing(id) }
    }

    /// Returns how many contacts changed. A change to `active` is an opt-in, and `source` names its
    /// origin. No change lifts a block.
    @discardableResult
    package func set(
        _ status: Contact.Status,
        of ids: [UUID],
        source: String? = nil
    ) throws(ContactError) -> Int {
        try run(ContactSQL.set(status, of: ids, source: source)).affected
    }

    /// Lifts the block of contacts, and returns how many were blocked. They are unsubscribed until
    /// they opt in anew.
    @discardableResult
    package func unblock(_ ids: [UUID]) throws(ContactError) -> Int {
        try run(ContactSQL.unblock(ids)).affected
    }

    /// Records the result of a check of their numbers.
    package func verify(_ ids: [UUID], areOnWhatsApp: Bool) throws(ContactError) {
        try run(ContactSQL.verify(ids, areOnWhatsApp: areOnWhatsApp))
    }

    private func contacts(_ statement: Statement) throws(ContactError) -> [Contact] {
        let rows = try run(statement)
        return try ContactError.wrap { () throws(DatabaseError) in
            try rows.map(Contact.init)
        }
    }

    @discardableResult
    private func run(_ statement: Statement) throws(ContactError) -> Rows {
        try ContactError.wrap { () throws(DatabaseError) in
            try connection.transaction(TransactionOptions(identity: identity), [statement])[0]
        }
    }
}
