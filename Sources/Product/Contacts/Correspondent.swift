package import FunctionContract
package import Providers

/// A person whom a provider names.
package struct Correspondent: Sendable {
    package let party: Party
    /// The candidates for the person's number. If none is known, a new contact gets the first.
    let phones: [E164]
    let names: [Name]
    /// The names to lock while the contact is looked up.
    let locks: [Name]

    /// `phones` are the candidates for one number.
    package init(_ party: Party, phones: [E164], on channel: UUID) {
        self.party = party
        self.phones = phones
        names = party.identities.filter { $0.kind != .phone }.map { Name($0, channel) }
        locks =
            phones.map(Name.init)
            + Self.unnumbered(party, phones).map { Name($0, channel) }
    }

    /// The number of locks that a lookup of the contact takes.
    package static func lockCount(_ party: Party, _ phones: [E164]) -> Int {
        phones.count + unnumbered(party, phones).count
    }

    /// All names by which the contact may be found.
    var keys: [Name] { phones.map(Name.init) + names }

    /// The names that do not stand for one of the phones.
    private static func unnumbered(
        _ party: Party,
        _ phones: [E164]
    ) -> [ContactIdentity] {
        party.identities.filter { identity in
            identity.kind != .phone && !phones.contains { $0.text == identity.dialled }
        }
    }

    /// A name and its scope: one channel, or all channels if the name is unique everywhere.
    struct Name: Hashable, Sendable {
        static let phoneKind = ContactIdentity.Kind.phone.rawValue
        private static let everywhere = UUID(high: 0, low: 0)

        let kind: String
        let value: String
        let channel: UUID

        init(kind: String, value: String, channel: UUID) {
            self.kind = kind
            self.value = value
            self.channel = channel
        }

        init(_ identity: ContactIdentity, _ channel: UUID) {
            let isLocal = identity.kind == .providerContact
            self.init(
                kind: identity.kind.rawValue,
                value: identity.value,
                channel: isLocal ? channel : Self.everywhere
            )
        }

        init(_ phone: E164) {
            self.init(kind: Self.phoneKind, value: phone.text, channel: Self.everywhere)
        }

        var isPhone: Bool { kind == Self.phoneKind }
    }
}
