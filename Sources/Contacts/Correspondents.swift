package import Database
package import Providers

/// Who a provider means: the contact behind the names that it gives someone.
package enum Correspondents {
    /// The contact known by one of the party's names or by one of `phones`, candidates for the same
    /// number; when there is none, a new one. The names that were not known yet are remembered.
    ///
    /// Two webhooks from the same newcomer wait for each other here, until the end of the
    /// transaction: they find one contact.
    package static func contact(
        of party: Party,
        phones: [E164],
        on channel: UUID,
        in transaction: Transaction
    ) throws(DatabaseError) -> UUID? {
        let names = party.identities.filter { $0.kind != .phone }.map { Name($0, channel) }
        guard !names.isEmpty || !phones.isEmpty else { return nil }
        try transaction.query(CorrespondentSQL.lock(names, phones))
        let found = try transaction.query(CorrespondentSQL.find(names, phones)).first
        guard let known: UUID = try found?.get("id") else {
            return try add(party, names, phones.first, in: transaction)
        }
        try transaction.query(CorrespondentSQL.name(known, names))
        return known
    }

    private static func add(
        _ party: Party,
        _ names: [Name],
        _ phone: E164?,
        in transaction: Transaction
    ) throws(DatabaseError) -> UUID {
        let id = UUID.v7()
        try transaction.pipeline([
            CorrespondentSQL.add(id, phone, party.profileName), CorrespondentSQL.name(id, names),
        ])
        return id
    }

    /// A name and the channel within which it is unique, if it is not unique everywhere.
    struct Name {
        let kind: String
        let value: String
        let channel: UUID

        init(_ identity: Providers.Identity, _ channel: UUID) {
            kind = identity.kind.rawValue
            value = identity.value
            self.channel = identity.kind == .providerContact ? channel : UUID(high: 0, low: 0)
        }
    }
}
