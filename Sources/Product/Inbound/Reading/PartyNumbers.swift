internal import Contacts
internal import NumberingPlans
internal import Providers

extension Party {
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
