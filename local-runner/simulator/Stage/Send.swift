import FunctionContract
import Security

/// A request to send one message.
struct Send {
    /// A quick reply or a button of the message.
    struct Button: Equatable {
        var id: String
        var title: String
        var isOfTemplate = false
    }

    let account: Account
    /// `+` and digits, or the id of a group chat.
    let recipient: String
    /// The platform's own reference for the message.
    let reference: String?
    /// `text`, `template`, `image`, …
    let kind: String
    /// The content without its envelope, as JSON. Equal messages have equal content.
    let content: [UInt8]
    var template: String?
    var language: String?
    var buttons: [Button] = []

    init(
        _ account: Account,
        to recipient: String,
        _ kind: String,
        _ content: JSON,
        reference: String? = nil
    ) {
        self.account = account
        self.recipient = number(recipient)
        self.kind = kind
        self.content = content.bytes
        self.reference = reference
    }

    /// Identifies the step of the campaign. Two sends to one person with the same step are
    /// duplicates. It is the end of a reference such as `campaign:42:m1`, else the template's name,
    /// else a digest of the content.
    var step: String {
        if let reference, let colon = reference.lastIndex(of: ":") {
            let end = reference[reference.index(after: colon)...]
            if !end.isEmpty { return String(end) }
        }
        return template ?? "\(kind) \(digest(content))"
    }

    /// The platform's reference without the attempt: `7f3a` for `7f3a.2`. It is the same for all
    /// attempts of one message.
    var message: String? {
        guard let reference, let dot = reference.lastIndex(of: ".") else { return reference }
        let attempt = reference[reference.index(after: dot)...]
        let isNumber = !attempt.isEmpty && attempt.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? String(reference[..<dot]) : reference
    }
}

/// The first half of a SHA-256, in hexadecimal. It is long enough to distinguish contents.
func digest(_ bytes: [UInt8]) -> String {
    Base16.encode(SHA256.digest(bytes).prefix(16))
}

/// Normalises every spelling of a number to `+` and digits: bare digits, `…@c.us`, `phone:+…`.
func number(_ text: String) -> String {
    var digits = text[...]
    if digits.hasPrefix("phone:") { digits = digits.dropFirst("phone:".count) }
    for ending in ["@c.us", "@s.whatsapp.net"] where digits.hasSuffix(ending) {
        digits = digits.dropLast(ending.count)
    }
    if digits.hasPrefix("+") { digits = digits.dropFirst() }
    let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    return isNumber ? "+" + digits : text
}

/// The digits of a number, WhatsApp's own form.
func waID(_ number: String) -> String {
    number.hasPrefix("+") ? String(number.dropFirst()) : number
}
