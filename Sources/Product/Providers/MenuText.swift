// Buttons and menus for providers that have none: a numbered list, from which a person answers with
// a number or a word.

extension ProviderOperation {
    /// The same, in plain words where the provider knows no buttons or no menus.
    func written(for provider: Provider) throws(ProviderError) -> ProviderOperation {
        guard case .send(var message) = self, !provider.capabilities.contains(capability) else {
            return self
        }
        switch message.content {
        case .buttons(let buttons): message.content = .text(try buttons.checked().text)
        case .list(let list): message.content = .text(try list.checked().text)
        case .text, .template, .media, .reaction: return self
        }
        return .send(message)
    }
}

extension ButtonMessage {
    fileprivate var text: String {
        let lines = buttons.enumerated().map { "\($0 + 1). \($1.title)" }
        return paragraphs(header, body, lines.joined(separator: "\n"), footer)
    }
}

extension ListMessage {
    /// Counted through all sections: a number means one row.
    fileprivate var text: String {
        var lines: [String] = []
        var number = 0
        for section in sections {
            if let title = section.title { lines.append("*\(title)*") }
            for row in section.rows {
                number += 1
                lines.append("\(number). \(row.title)" + (row.detail.map { " – \($0)" } ?? ""))
            }
        }
        return paragraphs(header, body, lines.joined(separator: "\n"), footer)
    }
}

/// With WhatsApp's marks: the header bold, the footer slanted.
private func paragraphs(
    _ header: String?,
    _ body: String,
    _ choices: String,
    _ footer: String?
) -> String {
    [header.map { "*\($0)*" }, body, choices, footer.map { "_\($0)_" }]
        .compactMap { $0 }.joined(separator: "\n\n")
}
