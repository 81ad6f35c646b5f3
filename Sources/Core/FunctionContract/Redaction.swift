/// Hides credentials in an event that is shown to a person.
///
/// A value is secret by its name: a header, a member of the query or body, or a path parameter. A
/// secret that was found is hidden everywhere in the event.
package struct Redaction {
    private var found: Set<String> = []

    /// The event as JSON, without its secrets.
    package static func event(_ event: JSON) -> JSON {
        var redaction = Redaction()
        let hidden = redaction.hide(event, isSecret: false)
        return redaction.hideFound(in: hidden)
    }

    private static let mark = "(hidden)"
    /// Shorter secrets are hidden only in their own place. Hiding them everywhere would hide too
    /// much.
    private static let shortestSecret = 8

    private static let parts = [
        "authorization", "cookie", "token", "secret", "password", "passwd", "passphrase",
        "signature", "hmac", "apikey", "accesskey", "private", "credential", "sessionid", "jwt",
        "authorizer", "databaseurl", "dsn",
    ]
    /// These names mark a secret only when the value is a string, not an object.
    private static let names: Set = ["auth", "key", "pin", "otp", "database64"]

    /// Whether a value of this name is a secret, in an event as in a log line.
    package static func isSecret(_ name: String) -> Bool {
        let plain = plain(name)
        return parts.contains { plain.contains($0) }
    }

    private static func isSecret(_ name: String, _ value: JSON) -> Bool {
        isSecret(name) || value.string != nil && names.contains(plain(name))
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private mutating func hide(_ json: JSON, isSecret: Bool) -> JSON {
        switch json {
        case .object(var object):
            let isBinary = object["isBase64Encoded"]?.bool == true
            for index in object.members.indices {
                let (name, value) = object.members[index]
                let hides =
                    isSecret || Self.isSecret(name, value) || isBinary && name == "body"
                object.members[index].value = hide(value, isSecret: hides)
            }
            return .object(object)
        case .array(let elements):
            return .array(elements.map { hide($0, isSecret: isSecret) })
        case .string(let text):
            guard isSecret else { return .string(hide(text: text)) }
            if text.utf8.count >= Self.shortestSecret { found.insert(text) }
            return .string(Self.mark)
        case .null, .bool, .integer, .number:
            return json
        }
    }

    private mutating func hide(text: String) -> String {
        let first = text.first { !$0.isWhitespace }
        if first == "{" || first == "[", let json = try? JSONParser.parse(Array(text.utf8)) {
            return hide(json, isSecret: false).text
        }
        return Self.isForm(text) ? hideForm(text) : text
    }

    /// Whether `text` consists only of `name=value` pairs.
    private static func isForm(_ text: String) -> Bool {
        text.contains("=") && !text.contains { $0.isWhitespace }
            && text.split(separator: "&").allSatisfy { $0.contains("=") }
    }

    private mutating func hideForm(_ form: String) -> String {
        form.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            let name = pair.prefix { $0 != "=" }
            let value = pair.dropFirst(name.count + 1)
            guard Self.isSecret(PercentEncoding.decode(String(name)), .string(String(value)))
            else { return String(pair) }
            if value.utf8.count >= Self.shortestSecret { found.insert(String(value)) }
            return "\(name)=\(Self.mark)"
        }.joined(separator: "&")
    }

    private func hideFound(in json: JSON) -> JSON {
        switch json {
        case .object(var object):
            for index in object.members.indices {
                object.members[index].value = hideFound(in: object.members[index].value)
            }
            return .object(object)
        case .array(let elements): return .array(elements.map(hideFound))
        case .string(let text):
            return .string(
                found.reduce(text) { $0.replacing($1, with: Self.mark) }
            )
        case .null, .bool, .integer, .number: return json
        }
    }
}
