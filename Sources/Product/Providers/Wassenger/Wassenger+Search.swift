import FunctionContract

extension Wassenger {
    /// Searches by our reference, which Wassenger stores.
    static func search(
        _ search: MessageSearch,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        guard let reference = search.message.reference else {
            throw .invalid(field: "reference", reason: "Wassenger finds messages by it")
        }
        let query = [("device", channel.channelID), ("reference", reference), ("size", "20")]
        let url = channel.url("messages", query: query)
        return ProviderRequest(.get, url, headers: ["token": channel.token])
    }

    static func candidates(for search: MessageSearch, in json: JSON) -> [StatusUpdate]? {
        json.array?.map { WassengerMessage($0) }.compactMap { message in
            guard let id = message.id, let reference = message.reference,
                reference == search.message.reference
            else { return nil }
            var update = StatusUpdate(messageID: id, status: message.status ?? .accepted)
            update.reference = reference
            if update.status == .failed { update.failure = message.failure }
            return update
        }
    }
}
