internal import Contacts
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// Contacts whom a receipt calls by a name that we did not know as theirs.
///
/// The answer to a send says nothing about the hidden names of its recipient. A receipt does: it is
/// the one place where they meet the number, until the person writes.
struct Strangers {
    /// In one part; the next receipt of the same message tells again.
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

    /// From now on they are known by these names. Who was taken for somebody else becomes one
    /// with the contact.
    func introduce() throws(DatabaseError) {
        for (contact, person) in found {
            try Correspondents.introduce(person, as: contact, in: transaction)
        }
    }
}

extension DeliveryNote {
    /// The names of its recipient that are no number.
    var hiddenNames: [Providers.Identity] {
        recipient.identities.filter { identity in
            switch identity.kind {
            case .bsuid, .parentBSUID, .lid: true
            case .phone, .waID, .providerContact: false
            }
        }
    }
}
