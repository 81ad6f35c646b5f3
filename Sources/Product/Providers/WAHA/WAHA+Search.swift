import FunctionContract

extension WAHA {
    static func search(
        _ search: MessageSearch,
        in chat: JSON,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        try search.checkedText()
        let url = channel.url(
            "api",
            channel.channelID,
            "chats",
            chat.string ?? "",
            "messages",
            query: [
                ("limit", String(MessageSearch.limit)), ("downloadMedia", "false"),
                ("filter.timestamp.gte", String(search.since.milliseconds / 1000)),
                ("filter.fromMe", "true"),
            ]
        )
        return ProviderRequest(.get, url, headers: ["x-api-key": channel.token])
    }

    static func candidates(for search: MessageSearch, in json: JSON) -> [StatusUpdate]? {
        json.array?.compactMap { message in
            guard let id = message["id"]?.asIdentifier,
                search.fits(
                    at: message["timestamp"]?.asMoment,
                    isOwn: message["fromMe"]?.asBool ?? false,
                    message["body"]?.asText
                )
            else { return nil }
            let ack = status(message["ack"], name: message["ackName"])
            var update = StatusUpdate(messageID: messageID(id), status: ack ?? .accepted)
            if ack == .failed { update.failure = ProviderFailure(title: "ERROR") }
            return update
        }
    }
}
