package import FunctionContract

/// A template with its variables filled in.
package struct TemplateMessage: Equatable, Sendable {
    /// The value of one variable: `{{first_name}}` by name, `{{1}}` by position.
    package struct Parameter: Equatable, Sendable {
        package var name: String?
        package var text: String

        package init(_ text: String, name: String? = nil) {
            self.text = text
            self.name = name
        }

        /// The value in the form that WhatsApp accepts: one line, without long runs of spaces. Each
        /// line break in the text becomes a space.
        func value(_ place: Int) throws(ProviderError) -> String {
            try text.onOneLine.checked(
                "variable \(name ?? String(place))",
                atMost: MessageLimits.text
            )
        }
    }

    /// The part above the body.
    package enum Header: Equatable, Sendable {
        case text(Parameter)
        case media(OutboundMedia)
        case location(Location)
    }

    /// The variable part of a button; `index` counts the buttons from 0.
    package enum Button: Equatable, Sendable {
        case quickReply(index: Int, payload: String)
        case url(index: Int, suffix: String)
        case copyCode(index: Int, code: String)
    }

    /// The provider's id of the template. Some providers accept nothing else.
    package var id: String?
    package var name: String
    package var language: String
    /// The template's category, if we know it.
    package var category: TemplateDefinition.Category?
    package var header: Header?
    package var body: [Parameter]
    package var buttons: [Button]

    package init(
        id: String? = nil,
        name: String,
        language: String,
        category: TemplateDefinition.Category? = nil,
        header: Header? = nil,
        body: [Parameter] = [],
        buttons: [Button] = []
    ) {
        self.id = id
        self.name = name
        self.language = language
        self.category = category
        self.header = header
        self.body = body
        self.buttons = buttons
    }
}

/// A template to submit for review.
package struct TemplateDefinition: Equatable, Sendable {
    /// The purpose of the template. Meta's prices and limits depend on it.
    package enum Category: String, CaseIterable, Sendable {
        case marketing = "MARKETING"
        case utility = "UTILITY"
        case authentication = "AUTHENTICATION"
    }

    package var name: String
    package var language: String
    package var category: Category
    package var usesNamedParameters: Bool
    /// In Meta's notation, with an example for each variable.
    package var components: [JSON]

    package init(
        name: String,
        language: String,
        category: Category,
        usesNamedParameters: Bool = false,
        components: [JSON]
    ) {
        self.name = name
        self.language = language
        self.category = category
        self.usesNamedParameters = usesNamedParameters
        self.components = components
    }
}

extension String {
    private static let longestRunOfSpaces = 4

    /// This text on one line, without space around it. WhatsApp refuses line breaks, tabs and more
    /// than four consecutive spaces in the values of a template.
    var onOneLine: String {
        var line = ""
        var run = Substring()
        for character in self {
            if character.isWhitespace {
                run.append(character)
                continue
            }
            if !line.isEmpty { line += run.asOneLine(longest: Self.longestRunOfSpaces) }
            run = ""
            line.append(character)
        }
        return line
    }
}

extension Substring {
    /// This run of white space unchanged if WhatsApp accepts it; otherwise one space.
    fileprivate func asOneLine(longest: Int) -> Substring {
        let breaks = contains { $0.isNewline || $0 == "\t" }
        return breaks || count > longest ? " " : self
    }
}
