internal import Contacts
internal import NumberingPlans
internal import Providers

extension Party {
    /// Whose turn it is: everybody who reads goes through contacts in the same order, so that two
    /// readers never wait for each other in a circle.
    var turn: String {
        identities.map { "\($0.dialled ?? $0.kind.rawValue + ":" + $0.value)" }.min() ?? ""
    }

    /// The numbers under which the contact may stand, the provider's own first.
    var phones: [E164] {
        var phones: [E164] = []
        for dialled in identities.compactMap(\.dialled) {
            for candidate in NumberingPlan.candidates(for: dialled) {
                if let phone = E164(candidate), !phones.contains(phone) { phones.append(phone) }
            }
        }
        return phones
    }

    /// With a name that the database takes.
    var storable: Party {
        var party = self
        party.profileName = profileName.flatMap { $0.isEmpty ? nil : $0.storable }
        return party
    }
}
