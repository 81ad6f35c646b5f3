package import Database
package import FunctionContract
package import Providers

/// Who a provider means: the contact behind the names that it gives someone.
package enum Correspondents {
    /// The contact known by one of the party's names or by one of `phones`, candidates for the same
    /// number; when there is none, a new one. The names that were not known yet are remembered, and
    /// contacts who turn out to be one person become one.
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
        let found = try transaction.query(CorrespondentSQL.find(names, phones)).map {
            (row) throws(DatabaseError) in try row.get("id", as: UUID.self)
        }
        guard let first = found.first else {
            return try add(party, names, phones.first, in: transaction)
        }
        var known = first
        for other in found.dropFirst() {
            known = try merge(known, other, phones, in: transaction)
        }
        try transaction.query(CorrespondentSQL.name(known, names))
        return known
    }

    /// The older of the two, who is both from now on; the first if they cannot be one person.
    private static func merge(
        _ known: UUID,
        _ other: UUID,
        _ phones: [E164],
        in transaction: Transaction
    ) throws(DatabaseError) -> UUID {
        let same = MergeSQL.same(as: known, other: other, phones)
        guard let row = try transaction.query(same).first else { return known }
        let isOlder: Bool = try row.get("is_older")
        let (older, younger) = isOlder ? (other, known) : (known, other)
        let phone: String? = try row.get(isOlder ? "known_phone" : "other_phone")
        try transaction.pipeline(MergeSQL.merge(younger, into: older, phone: phone))
        return older
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
