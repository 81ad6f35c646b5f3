package import Messages

/// What the variables of a campaign stand for: words in which `{{contact.…}}` may stand.
package struct CampaignVariables: Sendable, Equatable {
    private let texts: [String: MessageText]

    package init(_ values: [String: String]) throws(CampaignError) {
        var texts: [String: MessageText] = [:]
        for (name, value) in values {
            let text = try Campaign.parsed(value)
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
