internal import Database
internal import Providers

/// What a campaign says, checked and ready to be written to anybody.
package struct CampaignContent: Sendable, Equatable {
    package enum Opening: Sendable, Equatable {
        case text(MessageText)
        case template(TemplateForm)
    }

    let opening: Opening
    let followUp: MessageText?
    let variables: CampaignVariables
    /// Where tracked links lead through, with a slash at its end.
    let linkBase: String?
    /// The addresses in its texts; a tracked link names one by its place.
    let links: [WebLink]

    /// Refuses what could be written to nobody: a variable that nothing can fill, too many links.
    package init(
        _ opening: Opening,
        followUp: MessageText?,
        variables: CampaignVariables,
        linkBase: String?
    ) throws(CampaignError) {
        self.opening = opening
        self.followUp = followUp
        self.variables = variables
        self.linkBase = linkBase.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        if let linkBase, WebLink(linkBase) == nil { throw .text("\(linkBase) is no address") }
        var links: [WebLink] = []
        for text in [opening.text, followUp].compactMap({ $0 }) {
            for link in text.links where !links.contains(link) { links.append(link) }
        }
        self.links = links
        guard links.count <= LinkToken.linkLimit else {
            throw .text("more than \(LinkToken.linkLimit) links")
        }
        let names = opening.variables + (followUp?.variables ?? [])
        for name in names where !variables.knows(name) { throw .text("nothing fills {{\(name)}}") }
    }

    /// A text as the contact reads it. Links lead through ours if they are tracked.
    func written(
        _ text: MessageText,
        to contact: ContactValues,
        message: UUID
    ) throws(MissingValue) -> String {
        try text.rendered(
            value: { variables.value(of: $0, for: contact) },
            link: { link in
                guard let linkBase, let position = links.firstIndex(of: link) else {
                    return link.text
                }
                return linkBase + LinkToken(message: message, position: position).text
            }
        )
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
    /// The value of each variable for this contact, in order. A provider refuses line breaks and
    /// runs of spaces in them, and a file that is no address.
    func values(
        _ variables: CampaignVariables,
        for contact: ContactValues
    ) throws(MissingValue) -> [String] {
        var values: [String] = []
        for variable in self.variables {
            guard let value = variables.value(of: variable.name, for: contact) else {
                throw MissingValue(name: variable.name)
            }
            let words = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if variable.place.isFile, WebLink(words) == nil {
                throw MissingValue(name: variable.name)
            }
            values.append(words)
        }
        return values
    }

    /// Its body with these values, for those who read what was sent.
    func body(with values: [String]) -> String {
        guard let text = try? MessageText(body) else { return body }
        var named: [String: String] = [:]
        for (variable, value) in zip(variables, values) where variable.place == .body {
            named[variable.name] = value
        }
        return (try? text.rendered(value: { named[$0] })) ?? body
    }
}

extension TemplateForm.Place {
    fileprivate var isFile: Bool {
        switch self {
        case .headerImage, .headerVideo, .headerDocument: true
        case .headerText, .body, .buttonURL, .buttonPayload, .buttonCode: false
        }
    }
}
