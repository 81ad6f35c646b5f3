internal import Database
internal import FunctionContract
internal import Messages
internal import Providers

/// A contact of the audience, before the rules are applied.
struct Candidate: Equatable {
    enum Status: String {
        case active, unsubscribed, blocked
    }

    var id: UUID
    var status = Status.active
    var hasOptedIn = true
    /// Nil until it is verified.
    var isOnWhatsApp: Bool?
    /// Every identity by which the campaign's channel could reach the contact, the phone first.
    var identities: [ContactIdentity] = []
    var values = ContactValues()
    /// When the contact last wrote to the campaign's channel.
    var lastInboundAt: Timestamp?

    init(id: UUID) {
        self.id = id
    }
}

extension Candidate {
    init(_ row: Row) throws(DatabaseError) {
        id = try row.get("id")
        status = Status(rawValue: try row.get("status")) ?? .blocked
        hasOptedIn = try row.get("has_opted_in")
        isOnWhatsApp = try row.get("whatsapp_verified")
        lastInboundAt = try row.get("last_inbound_at")
        values = ContactValues(
            firstName: try row.get("first_name"),
            lastName: try row.get("last_name"),
            email: try row.get("email"),
            phone: try row.get("phone"),
            language: try row.get("language"),
            attributes: Self.texts(in: try row.get("attributes"))
        )
        let kinds: [String] = try row.get("kinds")
        let names: [String] = try row.get("names")
        if let phone = values.phone { identities.append(ContactIdentity(.phone, phone)) }
        for (kind, name) in zip(kinds, names) {
            guard let kind = ContactIdentity.Kind(rawValue: kind) else { continue }
            identities.append(ContactIdentity(kind, name))
        }
    }

    /// The members of a JSON object as text. Most contacts have none.
    private static func texts(in object: String) -> [String: String] {
        if object == "{}" { return [:] }
        var texts: [String: String] = [:]
        for member in (try? JSONParser.parse(Array(object.utf8)))?.object?.members ?? [] {
            switch member.value {
            case .string(let text): texts[member.name] = text
            case .integer, .number, .bool: texts[member.name] = member.value.text
            case .null, .array, .object: continue
            }
        }
        return texts
    }
}
