internal import Database
internal import FunctionContract
package import Messages
internal import Providers

/// The texts of a campaign, checked and ready to be written for any contact.
package struct CampaignContent: Sendable, Equatable {
    package enum Opening: Sendable, Equatable {
        case text(MessageText)
        case template(TemplateForm)
    }

    let opening: Opening
    let followUp: MessageText?
    let variables: CampaignVariables
    /// The address in front of tracked links, with a slash at its end.
    let linkBase: String?
    /// The links in its texts. A tracked link refers to one by its index.
    let links: [WebLink]

    /// Rejects a variable that nothing can fill, and too many links.
    package init(
        _ opening: Opening,
        followUp: MessageText?,
        variables: CampaignVariables,
        linkBase: String?
    ) throws(CampaignError) {
        self.opening = opening
        self.followUp = followUp
        self.variables = variables
        self.linkBase = linkBase.map { URLPrefix($0).url("/") }
        if let linkBase, WebLink(linkBase) == nil { throw .text("\(linkBase) is no address") }
        let names = opening.variables + (followUp?.variables ?? [])
        for name in names where !variables.knows(name) { throw .text("nothing fills {{\(name)}}") }
        links = try Self.links(opening, followUp, variables, through: self.linkBase)
        guard links.count <= LinkToken.linkLimit else {
            throw .text("more than \(LinkToken.linkLimit) links")
        }
    }

    /// The links in the texts, then the links in the values of their variables.
    private static func links(
        _ opening: Opening,
        _ followUp: MessageText?,
        _ variables: CampaignVariables,
        through base: String?
    ) throws(CampaignError) -> [WebLink] {
        var texts = [opening.text, followUp].compactMap { $0 }
        switch opening {
        case .text: break
        case .template(let form):
            for variable in form.variables where variable.isTracked(through: base) {
                let text = variables.text(of: variable.name)
                if variable.place == .buttonURL, text?.soleLink == nil {
                    throw .text("{{\(variable.name)}} of a tracked button must be one address")
                }
                if let text { texts.append(text) }
            }
        }
        texts += texts.flatMap(\.variables).compactMap { variables.text(of: $0) }
        var links: [WebLink] = []
        for link in texts.flatMap(\.links) where !links.contains(link) { links.append(link) }
        return links
    }

    /// The text for one contact. Tracked links lead through our address.
    func written(
        _ text: MessageText,
        to contact: ContactValues,
        message: UUID
    ) throws(MissingValue) -> String {
        try text.rendered(
            value: { name in
                variables.value(of: name, for: contact) { address(of: $0, in: message) }
            },
            link: { address(of: $0, in: message) }
        )
    }

    /// The values of the template's variables for this contact, in order.
    func values(
        of form: TemplateForm,
        for contact: ContactValues,
        message: UUID
    ) throws(MissingValue) -> [String] {
        var values: [String] = []
        for variable in form.variables {
            guard let value = value(of: variable, for: contact, message) else {
                throw MissingValue(name: variable.name)
            }
            values.append(value)
        }
        return values
    }

    /// The value of one variable; nil if it is missing or gives an invalid address. Whitespace
    /// becomes single spaces, because providers reject line breaks and runs of spaces.
    private func value(
        of variable: TemplateForm.Variable,
        for contact: ContactValues,
        _ message: UUID
    ) -> String? {
        let isTracked = variable.isTracked(through: linkBase)
        if variable.place == .buttonURL, isTracked {
            return token(of: variables.text(of: variable.name)?.soleLink, in: message)?.text
        }
        let value = variables.value(of: variable.name, for: contact) { link in
            isTracked ? address(of: link, in: message) : link.text
        }
        guard let value else { return nil }
        let words = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        switch variable.place {
        case .headerImage, .headerVideo, .headerDocument: return WebLink(words)?.text
        case .buttonURL:
            guard let base = variable.addressBase else { return words }
            return WebLink(base + words) == nil ? nil : words
        case .headerText, .body, .buttonPayload, .buttonCode: return words
        }
    }

    /// Our address for the link if it is tracked, else the link's own.
    private func address(of link: WebLink, in message: UUID) -> String {
        guard let linkBase, let token = token(of: link, in: message) else { return link.text }
        return linkBase + token.text
    }

    private func token(of link: WebLink?, in message: UUID) -> LinkToken? {
        guard let link, let position = links.firstIndex(of: link) else { return nil }
        return LinkToken(message: message, position: position)
    }
}

extension CampaignContent.Opening {
    fileprivate var text: MessageText? {
        switch self {
        case .text(let text): text
        case .template: nil
        }
    }

    fileprivate var variables: [String] {
        switch self {
        case .text(let text): text.variables
        case .template(let form): form.variables.map(\.name)
        }
    }
}

extension TemplateForm {
    /// The template's body with these values, for those who read the sent message.
    func body(with values: [String]) -> String {
        guard let text = try? MessageText(body) else { return body }
        var named: [String: String] = [:]
        for (variable, value) in zip(variables, values) where variable.place == .body {
            named[variable.name] = value
        }
        return (try? text.rendered(value: { named[$0] })) ?? body
    }
}

extension TemplateForm.Variable {
    /// Whether links in this variable lead through our address. A button's address is fixed with
    /// its template: it can carry a token only if it begins with our address.
    fileprivate func isTracked(through base: String?) -> Bool {
        switch place {
        case .headerText, .body: true
        case .buttonURL: base != nil && addressBase == base
        case .headerImage, .headerVideo, .headerDocument, .buttonPayload, .buttonCode: false
        }
    }
}
