import FunctionContract

/// The contacts beside messages and receipts, indexed by name, because a delivery may carry a
/// thousand of each.
struct MetaContacts {
    private let contacts: [JSON]
    private var placesByWAID: [String: Int] = [:]
    private var placesByUserID: [String: Int] = [:]

    init(_ contacts: [JSON]) {
        self.contacts = contacts
        for (place, contact) in contacts.enumerated().reversed() {
            if let id = contact["wa_id"]?.asIdentifier { placesByWAID[id] = place }
            if let id = contact["user_id"]?.asIdentifier { placesByUserID[id] = place }
        }
    }

    var only: JSON? { contacts.count == 1 ? contacts[0] : nil }

    /// The first contact that has one of the names.
    func first(waID: String?, userID: String?) -> JSON? {
        let places = [waID.flatMap { placesByWAID[$0] }, userID.flatMap { placesByUserID[$0] }]
        return places.compactMap { $0 }.min().map { contacts[$0] }
    }

    /// Adds the other names of the party's contact. A party without any name is the only contact,
    /// if there is exactly one.
    func name(_ party: inout Party) {
        let contact =
            party.identities.isEmpty ? only : first(waID: party[.waID], userID: party[.bsuid])
        guard let contact else { return }
        party.add(.waID, contact["wa_id"]?.asIdentifier)
        party.add(.bsuid, contact["user_id"]?.asIdentifier)
        party.add(.parentBSUID, contact["parent_user_id"]?.asIdentifier)
        party.profileName = party.profileName ?? contact["profile"]?["name"]?.asIdentifier
    }
}
