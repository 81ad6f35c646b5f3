import FunctionContract

/// One name under which a provider knows a person. A person has several names. We never convert one
/// into another: a `wa_id` can differ from the dialled number.
package struct ContactIdentity: Hashable, Sendable {
    /// The kind of the name; the database stores the raw values.
    package enum Kind: String, CaseIterable, Sendable {
        /// E.164 with `+`.
        case phone
        /// WhatsApp's digits for the account.
        case waID = "wa_id"
        /// Meta's business-scoped user id: `US.1349…`.
        case bsuid
        case parentBSUID = "parent_bsuid"
        /// WhatsApp's hidden id, without its `@lid`.
        case lid
        /// The id of the provider's own contact record.
        case providerContact = "provider_contact_id"
    }

    package let kind: Kind
    package let value: String

    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }

    /// The number to dial for this identity; nil if the identity holds no number.
    package var dialled: String? {
        switch kind {
        case .phone: value
        case .waID: value.isPhoneDigits ? "+" + value : nil
        case .bsuid, .parentBSUID, .lid, .providerContact: nil
        }
    }
}

/// The sender or recipient of a message.
package struct Party: Equatable, Sendable {
    /// The best name first; empty if the provider named nobody.
    package var identities: [ContactIdentity] = []
    package var profileName: String?

    package init(identities: [ContactIdentity] = []) {
        self.identities = identities
    }

    package subscript(kind: ContactIdentity.Kind) -> String? {
        identities.first { $0.kind == kind }?.value
    }

    mutating func add(_ kind: ContactIdentity.Kind, _ value: String?) {
        guard let value, value.isProviderName else { return }
        let identity = ContactIdentity(kind, value)
        if !identities.contains(identity) { identities.append(identity) }
    }

    /// Adds the name in a JID. JIDs of groups, newsletters and broadcasts are ignored.
    mutating func add(jid: String?) {
        guard let jid = jid.map(JID.init) else { return }
        switch jid.server {
        case .user: if jid.user.isPhoneDigits { add(.waID, jid.user) }
        case .lid: add(.lid, jid.user)
        case .group, .newsletter, .broadcast, .other: return
        }
    }

    /// Adds a number written with or without `+`.
    mutating func add(number: String?) {
        guard let number else { return }
        let digits = number.hasPrefix("+") ? String(number.dropFirst()) : number
        if digits.isPhoneDigits { add(.phone, "+" + digits) }
    }
}

/// The chat of a message. A bot answers only in direct chats.
package struct Chat: Equatable, Sendable {
    /// The kind of the chat; the database stores the raw values.
    package enum Kind: String, Sendable {
        case direct
        case group
        case newsletter
        /// A status ("story") or a broadcast list.
        case broadcast
    }

    package var kind: Kind
    /// The provider's id of the chat, if it sent one.
    package var id: String?

    static let direct = Chat(kind: .direct, id: nil)

    init(kind: Kind, id: String?) {
        self.kind = kind
        self.id = id
    }

    init(jid: String) {
        id = jid
        kind =
            switch JID(jid).server {
            case .group: .group
            case .newsletter: .newsletter
            case .broadcast: .broadcast
            case .user, .lid, .other: .direct
            }
    }
}

/// An address of WhatsApp's web protocol: `22890123456:3@s.whatsapp.net`.
struct JID {
    enum Server {
        case user
        case lid
        case group
        case newsletter
        case broadcast
        case other
    }

    /// Without the device number.
    let user: String
    let server: Server

    init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1)
        user = parts.first.map { String($0.prefix { $0 != ":" }) } ?? ""
        server =
            switch parts.count > 1 ? parts[1] : "" {
            case "c.us", "s.whatsapp.net", "": .user
            case "lid": .lid
            case "g.us": .group
            case "newsletter": .newsletter
            case "broadcast": .broadcast
            default: .other
            }
    }
}

extension String {
    /// Whether the text has only digits, and as many as an international number can have.
    var isPhoneDigits: Bool {
        (5...15).contains(utf8.count)
            && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
