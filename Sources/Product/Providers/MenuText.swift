// Buttons and menus for providers that have neither: a numbered list. A person answers with the
// number or a word.

extension ProviderOperation {
    /// The same operation. Buttons or menus that the provider does not have become plain text.
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
    /// Rows are numbered across all sections, so that each number means one row.
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

/// Uses WhatsApp's markup: the header is bold, the footer italic.
private func paragraphs(
    _ header: String?,
    _ body: String,
    _ choices: String,
    _ footer: String?
) -> String {
    [header.map { "*\($0)*" }, body, choices, footer.map { "_\($0)_" }]
        .compactMap { $0 }.joined(separator: "\n\n")
}
