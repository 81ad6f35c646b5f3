import FunctionContract

/// One name that a provider knows someone by. The same person has several, and none of them may
/// be rewritten: a `wa_id` need not be the number that was dialled, and a user id is no number.
package struct Identity: Hashable, Sendable {
    /// What kind of name it is; the raw values are stored.
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
        /// An id of the provider's own contact record.
        case providerContact = "provider_contact_id"
    }

    package let kind: Kind
    package let value: String

    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }

    /// The number behind this identity as it would be dialled, when it holds one.
    package var dialled: String? {
        switch kind {
        case .phone: value
        case .waID: value.isPhoneDigits ? "+" + value : nil
        case .bsuid, .parentBSUID, .lid, .providerContact: nil
        }
    }
}

/// Someone who wrote or was written to.
package struct Party: Equatable, Sendable {
    /// Best first; empty when the provider named nobody.
    package var identities: [Identity] = []
    package var profileName: String?

    package init(identities: [Identity] = []) {
        self.identities = identities
    }

    package subscript(kind: Identity.Kind) -> String? {
        identities.first { $0.kind == kind }?.value
    }

    mutating func add(_ kind: Identity.Kind, _ value: String?) {
        guard let value, value.isProviderName else { return }
        let identity = Identity(kind, value)
        if !identities.contains(identity) { identities.append(identity) }
    }

    /// Adds what an address of the web protocol stands for.
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

/// Where a message stands. A bot answers only in direct chats.
package struct Chat: Equatable, Sendable {
    /// What kind of place it is; the raw values are stored.
    package enum Kind: String, Sendable {
        case direct
        case group
        case newsletter
        /// A status ("story") or a broadcast list.
        case broadcast
    }

    package var kind: Kind
    /// The provider's id for it, when it gave one.
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

    /// Without the number of the device.
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
    /// Digits only, and as many as an international number can have.
    var isPhoneDigits: Bool {
        (5...15).contains(utf8.count)
            && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
