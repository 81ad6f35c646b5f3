package import Database
package import FunctionContract

/// A label for related contacts; a contact can have several.
package struct Category: Sendable, Equatable {
    package let id: UUID
    package var name: String
    package var color: String?

    package init(id: UUID = .v7(), name: String, color: String? = nil) {
        self.id = id
        self.name = name
        self.color = color
    }
}

/// The categories of a workspace that `identity` may see and change.
package struct Categories {
    private let connection: Connection
    private let identity: Identity

    package init(_ connection: Connection, as identity: Identity) {
        self.connection = connection
        self.identity = identity
    }

    package func add(_ category: Category) throws(ContactError) {
        try run(CategorySQL.add(category), name: category.name)
    }

    package func change(_ category: Category) throws(ContactError) {
        guard try run(CategorySQL.change(category), name: category.name).affected == 1 else {
            throw .categoryMissing(category.id)
        }
    }

    /// Deletes the category but not its contacts.
    package func delete(_ id: UUID) throws(ContactError) {
        guard try run(CategorySQL.delete(id)).affected == 1 else { throw .categoryMissing(id) }
    }

    /// All categories by name, each with the number of its contacts.
    package func all() throws(ContactError) -> [(category: Category, contacts: Int)] {
        let rows = try run(CategorySQL.all)
        return try ContactError.wrap { () throws(DatabaseError) in
            try rows.map { (row) throws(DatabaseError) in
                let category = Category(
                    id: try row.get("id"),
                    name: try row.get("name"),
                    color: try row.get("color")
                )
                return (category, try row.get("contacts"))
            }
        }
    }

    /// Returns how many contacts were added. Contacts and categories that `identity` may not see
    /// are skipped.
    @discardableResult
    package func join(_ contacts: [UUID], to category: UUID) throws(ContactError) -> Int {
        guard contacts.count <= Contacts.batchLimit else {
            throw .tooMany("contacts", limit: Contacts.batchLimit)
        }
        return try run(CategorySQL.join(contacts, to: category)).affected
    }

    @discardableResult
    package func remove(_ contacts: [UUID], from category: UUID) throws(ContactError) -> Int {
        try run(CategorySQL.remove(contacts, from: category)).affected
    }

    package func members(
        of category: UUID,
        after contact: UUID? = nil,
        limit: Int = Contacts.pageLimit
    ) throws(ContactError) -> [UUID] {
        try ids(CategorySQL.members(of: category, after: contact, limit: limit))
    }

    package func categories(of contact: UUID) throws(ContactError) -> [UUID] {
        try ids(CategorySQL.categories(of: contact))
    }

    private func ids(_ statement: Statement) throws(ContactError) -> [UUID] {
        let rows = try run(statement)
        return try ContactError.wrap { () throws(DatabaseError) in
            try rows.column("id")
        }
    }

    @discardableResult
    private func run(_ statement: Statement, name: String? = nil) throws(ContactError) -> Rows {
        try ContactError.wrap(category: name) { () throws(DatabaseError) in
            try connection.transaction(TransactionOptions(identity: identity), [statement])[0]
        }
    }
}
