internal import Contacts
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// Contacts for whom a receipt gives a new hidden name.
///
/// The answer to a send does not contain the hidden names of its recipient. Until the person
/// writes, only a receipt links these names to the number.
struct Strangers {
    /// The most in one part; the next receipt of the same message repeats the names.
    private static let limit = 32

    private let transaction: Transaction
    private var found: [(contact: UUID, person: Correspondent)] = []

    init(in notes: [UUID: [DeliveryNote]], _ transaction: Transaction) throws(DatabaseError) {
        self.transaction = transaction
        for channel in notes.keys.sorted() {
            let telling = (notes[channel] ?? []).filter { !$0.hiddenNames.isEmpty }
            let room = Self.limit - found.count
            if telling.isEmpty || room <= 0 { continue }
            let statement = ContactSQL.strangers(in: telling, on: channel, limit: room)
            for row in try transaction.query(statement) {
                let party = telling[try row.get("place")].recipient
                let person = Correspondent(party.storable, phones: party.phones, on: channel)
                found.append((try row.get("contact"), person))
            }
        }
    }

    var people: [Correspondent] { found.map(\.person) }

    /// Stores these names for their contacts. A separate contact with such a name is merged into
    /// the known one, if the two can be merged.
    func introduce() throws(DatabaseError) {
        for (contact, person) in found {
            try Correspondents.introduce(person, as: contact, in: transaction)
        }
    }
}

extension DeliveryNote {
    /// The recipient's identities that are not phone numbers.
    var hiddenNames: [ContactIdentity] {
        recipient.identities.filter { identity in
            switch identity.kind {
            case .bsuid, .parentBSUID, .lid: true
            case .phone, .waID, .providerContact: false
            }
        }
    }
}
