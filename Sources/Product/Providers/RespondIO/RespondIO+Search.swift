import FunctionContract

extension RespondIO {
    static func search(
        in contact: String,
        _ channel: ChannelAccess
    ) -> ProviderRequest {
        let query = [("limit", String(MessageSearch.limit))]
        let url = channel.url("contact", contact, "message", "list", query: query)
        return ProviderRequest(.get, url, headers: ["authorization": "Bearer " + channel.token])
    }

    /// Compares a template by its name and values, and a text by its words.
    static func candidates(for search: MessageSearch, in json: JSON) -> [StatusUpdate]? {
        guard let sent = try? content(search.message.content) else { return nil }
        return json["items"]?.array?.compactMap { item in
            guard let id = item["messageId"]?.asIdentifier,
                item["traffic"]?.asText == "outgoing",
                isOfChannel(search.channelID, item),
                item["message"]?.says(sent) == true,
                let began = item["status"].elements.compactMap({ $0["timestamp"]?.asMoment }).min(),
                began >= search.since
            else { return nil }
            let messageID = MessageID(id, alternates: [item["channelMessageId"]?.asIdentifier])
            return update(messageID, item["status"].elements)
        }
    }

    private static func isOfChannel(_ id: String?, _ item: JSON) -> Bool {
        guard let id, let other = item["channelId"]?.asIdentifier else { return true }
        return id == other
    }

    private static func update(_ id: MessageID, _ reports: [JSON]) -> StatusUpdate {
        let words = reports.compactMap { report in
            status(report["value"]?.asText).map { (status: $0, report: report) }
        }
        guard let last = words.max(by: { $0.status < $1.status }) else {
            return StatusUpdate(messageID: id, status: .accepted)
        }
        var update = StatusUpdate(messageID: id, status: last.status)
        update.at = last.report["timestamp"]?.asMoment
        if last.status == .failed {
            update.failure = ProviderFailure(title: last.report["message"]?.asIdentifier)
        }
        return update
    }
}

extension JSON {
    /// Whether this value contains everything in `other`; it may contain more.
    fileprivate func says(_ other: JSON) -> Bool {
        switch other {
        case .object(let object):
            object.members.allSatisfy { self[$0.name]?.says($0.value) == true }
        case .array(let elements):
            array.map { $0.count == elements.count && zip($0, elements).allSatisfy { $0.says($1) } }
                ?? false
        case .string(let text): string?.isSameText(as: text) ?? false
        case .null, .bool, .integer, .number: self == other
        }
    }
}
