internal import Contacts
internal import NumberingPlans
internal import Providers

extension Party {
    /// The numbers under which the contact may be stored, the provider's own first.
    var phones: [E164] {
        var phones: [E164] = []
        for dialled in identities.compactMap(\.dialled) {
            for candidate in NumberingPlan.candidates(for: dialled) {
                if let phone = E164(candidate), !phones.contains(phone) { phones.append(phone) }
            }
        }
        return phones
    }

    /// The party with a profile name that the database accepts.
    var storable: Party {
        var party = self
        party.profileName = profileName.flatMap { $0.isEmpty ? nil : $0.storable }
        return party
    }
}
