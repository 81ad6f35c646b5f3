package import Messages

/// The texts that replace a campaign's variables. They may contain `{{contact.…}}`.
package struct CampaignVariables: Sendable, Equatable {
    private let texts: [String: MessageText]

    package init(_ values: [String: String]) throws(CampaignError) {
        var texts: [String: MessageText] = [:]
        for (name, value) in values {
            let text = try Campaign.parsed(value)
            // Variables that refer to variables could form a cycle.
            for inner in text.variables where !inner.hasPrefix(ContactValues.prefix) {
                throw .text(
                    "{{\(inner)}} in the value of {{\(name)}}: only {{contact.…}} may stand there"
                )
            }
            texts[name] = text
        }
        self.texts = texts
    }

    /// The value of `{{name}}` for this contact. `link` returns the address to write for each link
    /// in it.
    package func value(
        of name: String,
        for contact: ContactValues,
        link: (WebLink) -> String = \.text
    ) -> String? {
        guard let text = texts[name] else { return contact[name] }
        let value = try? text.rendered(value: { contact[$0] }, link: link)
        return value.flatMap { $0.contains { !$0.isWhitespace } ? $0 : nil }
    }

    /// The text of `name`; nil for a contact variable.
    func text(of name: String) -> MessageText? { texts[name] }

    /// Whether `name` is a variable of the campaign or of contacts.
    package func knows(_ name: String) -> Bool {
        texts[name] != nil || name.hasPrefix(ContactValues.prefix)
    }
}
