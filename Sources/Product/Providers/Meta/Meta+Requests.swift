private import FunctionContract

extension Meta {
    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        switch operation {
        case .send(let message):
            let edge = edge(for: message.content, channel)
            return post(channel, channel.channelID, edge, try MetaMessage(message).json)
        case .markRead(let id, _, let showsTyping):
            return post(channel, channel.channelID, "messages", readMark(id, showsTyping))
        case .lookUpMessage(let id, _):
            let fields = "id,message_id,events{delivery_status,timestamp}"
            let query = [("message_id", id), ("fields", fields)]
            return get(
                channel,
                channel.url(
                    channel.apiVersion,
                    channel.channelID,
                    "message_history",
                    query: query
                )
            )
        case .mediaAddress(let id):
            return get(channel, channel.url(channel.apiVersion, id))
        case .downloadMedia(let source):
            return try download(source, through: channel)
        case .createTemplate(let definition):
            let account = try account(of: channel)
            return post(channel, account, "message_templates", try definition.metaJSON)
        case .listTemplates(let cursor):
            return get(channel, try templatesURL(channel, query: templateQuery(after: cursor)))
        case .deleteTemplate(let name):
            let name = try TemplateName(name).text
            let url = try templatesURL(channel, query: [("name", name)])
            return ProviderRequest(.delete, url, headers: headers(channel))
        case .typing, .checkNumber, .searchMessage:
            throw .unsupported(operation.capability, .meta)
        }
    }

    /// The API for marketing accepts the same body. Meta sends messages that this API cannot
    /// deliver through the normal one.
    private static func edge(for content: OutboundContent, _ channel: ChannelAccess) -> String {
        guard channel.usesMarketingAPI, case .template(let template) = content,
            template.category == .marketing
        else { return "messages" }
        return "marketing_messages"
    }

    private static func post(
        _ channel: ChannelAccess,
        _ owner: String,
        _ edge: String,
        _ json: JSON
    ) -> ProviderRequest {
        let url = channel.url(channel.apiVersion, owner, edge)
        return ProviderRequest(.post, url, headers: headers(channel), json: json)
    }

    private static func get(_ channel: ChannelAccess, _ url: String) -> ProviderRequest {
        ProviderRequest(.get, url, headers: headers(channel))
    }

    private static func headers(_ channel: ChannelAccess) -> HTTPFields {
        ["authorization": "Bearer " + channel.token]
    }

    private static func readMark(_ id: String, _ showsTyping: Bool) -> JSON {
        members(
            ("messaging_product", "whatsapp"),
            ("status", "read"),
            ("message_id", .string(id)),
            ("typing_indicator", showsTyping ? ["type": "text"] : nil)
        )
    }

    private static let mediaDomains = ["fbsbx.com", "fbcdn.net", "facebook.com", "whatsapp.net"]

    /// The request carries the token, so it goes only to Meta or to the channel's API.
    private static func download(
        _ source: MediaSource,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        guard case .url(let url) = source else {
            throw .invalid(field: "media", reason: "ask for its address first")
        }
        guard let address = WebAddress(url), let base = WebAddress(channel.baseURL),
            address.hasSameOrigin(as: base)
                || (address.scheme == "https" && address.port == nil
                    && address.isUnder(mediaDomains))
        else { throw .invalid(field: "media", reason: "the address is not one of Meta's") }
        var request = ProviderRequest.file(url, headers: headers(channel))
        // Meta's file servers refuse requests without a user agent.
        request.headers["user-agent"] = "relais/1"
        return request
    }

    private static func account(of channel: ChannelAccess) throws(ProviderError) -> String {
        guard let account = channel.accountID, !account.isEmpty else {
            throw .invalid(field: "account", reason: "templates need the WABA id of the channel")
        }
        return account
    }

    private static func templatesURL(
        _ channel: ChannelAccess,
        query: [(String, String)]
    ) throws(ProviderError) -> String {
        let account = try account(of: channel)
        return channel.url(channel.apiVersion, account, "message_templates", query: query)
    }

    private static func templateQuery(after cursor: String?) -> [(String, String)] {
        let fields = "id,name,language,status,category,components,rejected_reason"
        return [("limit", "100"), ("fields", fields)] + (cursor.map { [("after", $0)] } ?? [])
    }
}
