private import FunctionContract

/// What is known of a contact, for the variables of a text.
package struct ContactValues: Sendable, Equatable {
    package var firstName: String?
    package var lastName: String?
    package var email: String?
    package var phone: String?
    package var language: String?
    package var attributes: [String: String]

    package init(
        firstName: String? = nil,
        lastName: String? = nil,
        email: String? = nil,
        phone: String? = nil,
        language: String? = nil,
        attributes: [String: String] = [:]
    ) {
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.phone = phone
        self.language = language
        self.attributes = attributes
    }

    /// The value under a name such as `contact.first_name`; nil when it is not known or empty.
    package subscript(name: String) -> String? {
        guard name.hasPrefix(Self.prefix) else { return nil }
        let value: String? =
            switch name.dropFirst(Self.prefix.count) {
            case "first_name": firstName
            case "last_name": lastName
            case "name": fullName
            case "email": email
            case "phone": phone
            case "language": language
            case let attribute: attributes[String(attribute)]
            }
        guard let value, value.contains(where: { !$0.isWhitespace }) else { return nil }
        return value
    }

    private var fullName: String {
        [firstName, lastName].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    static let prefix = "contact."
}

/// What the variables of a campaign stand for: words in which `{{contact.…}}` may stand.
package struct CampaignVariables: Sendable, Equatable {
    private let texts: [String: MessageText]

    package init(_ values: [String: String]) throws(CampaignError) {
        var texts: [String: MessageText] = [:]
        for (name, value) in values {
            let text = try MessageText(value)
            // A variable of a variable could go round in a circle.
            for inner in text.variables where !inner.hasPrefix(ContactValues.prefix) {
                throw .text(
                    "{{\(inner)}} in the value of {{\(name)}}: only {{contact.…}} may stand there"
                )
            }
            texts[name] = text
        }
        self.texts = texts
    }

    /// What `{{name}}` stands for, for this contact; `link` says where addresses in it lead.
    package func value(
        of name: String,
        for contact: ContactValues,
        link: (WebLink) -> String = \.text
    ) -> String? {
        guard let text = texts[name] else { return contact[name] }
        let value = try? text.rendered(value: { contact[$0] }, link: link)
        return value.flatMap { $0.contains { !$0.isWhitespace } ? $0 : nil }
    }

    /// The words that `name` stands for; nil when it is about a contact.
    func text(of name: String) -> MessageText? { texts[name] }

    /// Whether `name` can have a value at all.
    package func knows(_ name: String) -> Bool {
        texts[name] != nil || name.hasPrefix(ContactValues.prefix)
    }
}
