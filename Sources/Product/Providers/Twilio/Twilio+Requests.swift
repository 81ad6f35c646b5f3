import FunctionContract

extension Twilio {
    /// Twilio accepts shorter texts than WhatsApp.
    private static let textLimit = 1600
    private static let apiVersion = "2010-04-01"

    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        switch operation {
        case .send(let message):
            let url = try messages(channel)
            let form = try form(of: message, channel)
            return ProviderRequest(.post, url, headers: try headers(channel), form: form)
        case .lookUpMessage(let id, _):
            let url = channel.url(apiVersion, "Accounts", try account(channel), "Messages", id)
            return ProviderRequest(.get, url + ".json", headers: try headers(channel))
        case .searchMessage(let search):
            try search.checkedText()
            let url = try messages(channel, query: query(search, channel))
            return ProviderRequest(.get, url, headers: try headers(channel))
        case .downloadMedia(let source):
            guard case .url(let text) = source else {
                throw .invalid(field: "media", reason: "Twilio gives the address of a file")
            }
            let url = try channel.addressOfItsOwn(text)
            return .file(url, headers: try headers(channel))
        case .markRead, .typing, .checkNumber, .mediaAddress, .createTemplate, .listTemplates,
            .deleteTemplate:
            throw .unsupported(operation.capability, .twilio)
        }
    }

    private static func messages(
        _ channel: ChannelAccess,
        query: [(String, String)] = []
    ) throws(ProviderError) -> String {
        channel.url(apiVersion, "Accounts", try account(channel), "Messages.json", query: query)
    }

    private static func account(_ channel: ChannelAccess) throws(ProviderError) -> String {
        guard let account = channel.accountID, !account.isEmpty else {
            throw .invalid(field: "account", reason: "Twilio needs the Account SID of the channel")
        }
        return account
    }

    /// The credentials are the account's token or an API key in the form `SK…:secret`.
    private static func headers(_ channel: ChannelAccess) throws(ProviderError) -> HTTPFields {
        let isKey = channel.token.contains(":")
        let pair = isKey ? channel.token : "\(try account(channel)):\(channel.token)"
        return ["authorization": "Basic " + Base64.encode(Array(pair.utf8))]
    }

    private static func form(
        of message: OutboundMessage,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> FormFields {
        var form = FormFields([("To", TwilioAddress.of(try number(of: message.recipient)))])
        if channel.channelID.hasPrefix("MG") {
            form.add("MessagingServiceSid", channel.channelID)
        } else {
            form.add("From", TwilioAddress.of(channel.channelID))
        }
        switch message.content {
        case .text(let text, _): form.add("Body", try text.checked("text", atMost: textLimit))
        case .media(let media):
            guard case .link(let link) = try media.checked().source else {
                throw .unsupported(.mediaByID, .twilio)
            }
            form.add("MediaUrl", link)
            if let caption = media.caption { form.add("Body", caption) }
        case .template(let template):
            form.add("ContentSid", try template.contentSID)
            let variables = try template.contentVariables
            if !variables.members.isEmpty {
                form.add("ContentVariables", JSON.object(variables).text)
            }
        case .buttons, .list, .reaction:
            throw .unsupported(message.content.capability, .twilio)
        }
        if let callback = try callback(message.reference, channel) {
            form.add("StatusCallback", callback)
        }
        return form
    }

    /// The address for Twilio's receipts. Twilio returns our reference only in this address.
    private static func callback(
        _ reference: String?,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> String? {
        guard let address = channel.webhookURL else { return nil }
        let checked = try reference.checked("reference", atMost: MessageLimits.reference)
        guard let checked else { return address }
        return "\(address)?\(referenceParameter)=\(PercentEncoding.encode(checked))"
    }

    private static func number(of recipient: Recipient) throws(ProviderError) -> String {
        switch recipient {
        case .phone(let number): return number
        case .identity(let identity):
            if let number = identity.dialled { return number }
        case .chat: break
        }
        throw .invalid(field: "recipient", reason: "Twilio writes to numbers")
    }

    private static func query(
        _ search: MessageSearch,
        _ channel: ChannelAccess
    ) throws(ProviderError) -> [(String, String)] {
        var query = [
            ("To", TwilioAddress.of(try number(of: search.message.recipient))),
            ("PageSize", String(MessageSearch.limit)),
            // Twilio filters by day, not by hour. We filter earlier messages out of the reply.
            ("DateSent>", String(search.since.rfc3339.prefix(10))),
        ]
        if !channel.channelID.hasPrefix("MG") {
            query.append(("From", TwilioAddress.of(channel.channelID)))
        }
        return query
    }
}

extension TemplateMessage {
    /// The Content SID, `HX…`. It is Twilio's only name for a template.
    fileprivate var contentSID: String {
        get throws(ProviderError) {
            guard let id, id.hasPrefix("HX") else {
                throw .invalid(
                    field: "template",
                    reason: "it has no Content SID (HX…); enter the one of Twilio's console"
                )
            }
            return id
        }
    }

    /// All values by name. A value without a name gets its position in the template: header, body,
    /// then buttons.
    fileprivate var contentVariables: JSONObject {
        get throws(ProviderError) {
            var variables = JSONObject()
            var place = 0
            func add(_ value: Parameter) throws(ProviderError) {
                place += 1
                variables[value.name ?? String(place)] = .string(try value.value(place))
            }
            switch header {
            case .text(let value): try add(value)
            case .media(let media):
                guard case .link(let link) = try media.checkedHeader().source else {
                    throw .invalid(field: "template header", reason: "Twilio takes it by link")
                }
                try add(Parameter(link))
            case .location:
                throw .invalid(field: "template header", reason: "Twilio has no place there")
            case nil: break
            }
            for value in body { try add(value) }
            for button in buttons {
                switch button {
                case .url(_, let value), .quickReply(_, let value), .copyCode(_, let value):
                    try add(Parameter(value))
                }
            }
            return variables
        }
    }
}
