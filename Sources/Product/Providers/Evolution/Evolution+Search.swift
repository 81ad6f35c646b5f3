import FunctionContract

extension Evolution {
    /// The query of Evolution's own database: our messages in one chat, the latest first.
    static func search(
        _ search: MessageSearch,
        in chat: String
    ) throws(ProviderError) -> JSON {
        try search.checkedText()
        let key: JSON = ["remoteJid": .string(chat), "fromMe": true]
        return ["where": ["key": key], "page": 1, "offset": .integer(MessageSearch.limit)]
    }

    static func candidates(for search: MessageSearch, in json: JSON) -> [StatusUpdate]? {
        (json["messages"]?["records"] ?? json["messages"] ?? json).array?.compactMap { element in
            let message = EvolutionMessage(element)
            guard let id = message.id, case .text(let words)? = message.words,
                search.fits(at: message.time, isOwn: message.isOwn, words)
            else { return nil }
            let reports = element["MessageUpdate"].elements.map { $0["status"] }
            let last = (reports + [element["status"]]).compactMap(status).max()
            var update = StatusUpdate(messageID: id, status: last ?? .accepted)
            if last == .failed { update.failure = ProviderFailure(title: "ERROR") }
            return update
        }
    }
}
