private import FunctionContract

/// The known values of a contact, for the variables of a text.
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

    /// The value for a name such as `contact.first_name`; nil if it is unknown or blank.
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

    /// The prefix of the names of contact values.
    package static let prefix = "contact."
}
