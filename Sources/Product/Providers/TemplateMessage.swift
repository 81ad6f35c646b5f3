package import FunctionContract

/// A template with its variables filled in.
package struct TemplateMessage: Equatable, Sendable {
    /// The value of one variable: `{{first_name}}` by name, `{{1}}` by its place.
    package struct Parameter: Equatable, Sendable {
        package var name: String?
        package var text: String

        package init(_ text: String, name: String? = nil) {
            self.text = text
            self.name = name
        }

        /// The value as WhatsApp takes it: one line, and no long run of spaces. Whoever pasted a
        /// paragraph into a variable gets its words, with a space for each break.
        func value(_ place: Int) throws(ProviderError) -> String {
            try text.onOneLine.checked(
                "variable \(name ?? String(place))",
                atMost: MessageLimits.text
            )
        }
    }

    /// What stands above the body.
    package enum Header: Equatable, Sendable {
        case text(Parameter)
        case media(OutboundMedia)
        case location(Location)
    }

    /// The variable part of a button, by its place from 0.
    package enum Button: Equatable, Sendable {
        case quickReply(index: Int, payload: String)
        case url(index: Int, suffix: String)
        case copyCode(index: Int, code: String)
    }

    /// The provider's id of the template, for those that know it by nothing else.
    package var id: String?
    package var name: String
    package var language: String
    /// What it is for, when that is known.
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

/// A template as it is submitted for review.
package struct TemplateDefinition: Equatable, Sendable {
    /// What it is for; Meta prices and limits by it.
    package enum Category: String, CaseIterable, Sendable {
        case marketing = "MARKETING"
        case utility = "UTILITY"
        case authentication = "AUTHENTICATION"
    }

    package var name: String
    package var language: String
    package var category: Category
    package var usesNamedParameters: Bool
    /// In the notation of Meta, with an example for each variable.
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

    /// These words on one line. WhatsApp refuses line breaks, tabs and more than four spaces in the
    /// values of a template. Space around them is taken off.
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
    /// A run of white space: itself when WhatsApp takes it, else one space.
    fileprivate func asOneLine(longest: Int) -> Substring {
        let breaks = contains { $0.isNewline || $0 == "\t" }
        return breaks || count > longest ? " " : self
    }
}
