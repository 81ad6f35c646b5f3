import FunctionContract

/// Reads the content of a Cloud API message. It returns `.unsupported` rather than guess.
struct MetaContent {
    private let message: JSON
    private let type: String
    /// The member that is named like the message's type.
    private let part: JSON?
    private let errors: JSON?

    init(_ message: JSON, errors: JSON?) {
        self.message = message
        type = message["type"]?.asIdentifier ?? "unknown"
        part = message[type]
        self.errors = message["errors"] ?? errors
    }

    var content: MessageContent { recognised ?? unsupported }

    private var recognised: MessageContent? {
        if let kind = Media.Kind(rawValue: type) { return media(kind) }
        return switch type {
        case "text": part?["body"]?.asText.map(MessageContent.text)
        case "button": templateButton
        case "interactive": interactive
        case "location": location
        case "contacts": contacts
        case "order": order
        default: nil
        }
    }

    private var unsupported: MessageContent {
        let subtype = type == "interactive" ? part?["type"]?.asIdentifier : nil
        let kind =
            message["unsupported"]?["type"]?.asIdentifier ?? subtype.map { type + "." + $0 } ?? type
        return .unsupported(type: kind, ProviderFailure(meta: errors.elements.first))
    }

    private func media(_ kind: Media.Kind) -> MessageContent? {
        guard let part, part.object != nil else { return nil }
        var media = Media(kind)
        media.id = part["id"]?.asIdentifier
        media.url = part["url"]?.asIdentifier ?? part["link"]?.asIdentifier
        media.mimeType = part["mime_type"]?.asIdentifier
        media.sha256 = part["sha256"]?.asIdentifier
        media.fileName = part["filename"]?.asIdentifier
        media.caption = part["caption"]?.asIdentifier
        media.isVoice = part["voice"]?.asBool ?? false
        media.isAnimated = part["animated"]?.asBool ?? false
        media.failure = message["errors"].elements.first.map { ProviderFailure(meta: $0) }
        return .media(media)
    }

    private var templateButton: MessageContent? {
        guard let part, part.object != nil else { return nil }
        return .choice(
            Choice(
                source: .templateButton,
                payload: part["payload"]?.asIdentifier,
                title: part["text"]?.asIdentifier
            )
        )
    }

    private var interactive: MessageContent? {
        guard let part else { return nil }
        switch part["type"]?.asText {
        case "button_reply": return choice(.button, part["button_reply"])
        case "list_reply": return choice(.list, part["list_reply"])
        case "nfm_reply":
            let reply = part["nfm_reply"]
            guard let response = reply?["response_json"] else { return nil }
            return .form(
                name: reply?["name"]?.asIdentifier,
                responseJSON: response.string ?? response.text
            )
        case "call_permission_reply":
            // The contact allows or forbids our calls. The answer holds only this word.
            guard let word = part["call_permission_reply"]?["response"]?.asIdentifier else {
                return nil
            }
            return .choice(Choice(source: .button, payload: word))
        default: return nil
        }
    }

    private func choice(_ source: Choice.Source, _ reply: JSON?) -> MessageContent? {
        guard let reply, reply.object != nil else { return nil }
        return .choice(
            Choice(
                source: source,
                payload: reply["id"]?.asIdentifier,
                title: reply["title"]?.asIdentifier,
                detail: reply["description"]?.asIdentifier
            )
        )
    }

    private var location: MessageContent? {
        guard let latitude = part?["latitude"]?.asDouble,
            let longitude = part?["longitude"]?.asDouble
        else { return nil }
        return .location(
            Location(
                latitude: latitude,
                longitude: longitude,
                name: part?["name"]?.asIdentifier,
                address: part?["address"]?.asIdentifier
            )
        )
    }

    private var contacts: MessageContent? {
        guard let cards = part?.array else { return nil }
        return .contacts(
            cards.map { card in
                SharedContact(
                    name: card["name"]?["formatted_name"]?.asIdentifier,
                    phones: card["phones"].elements.compactMap { $0["phone"]?.asIdentifier }
                )
            }
        )
    }

    private var order: MessageContent? {
        guard let part, part.object != nil else { return nil }
        let items = part["product_items"].elements.compactMap { item in
            item["product_retailer_id"]?.asIdentifier.map { id in
                Order.Item(
                    productID: id,
                    quantity: item["quantity"]?.asInteger ?? 1,
                    unitPrice: item["item_price"]?.asDouble,
                    currency: item["currency"]?.asIdentifier
                )
            }
        }
        return .order(
            Order(
                catalogID: part["catalog_id"]?.asIdentifier,
                text: part["text"]?.asIdentifier,
                items: items
            )
        )
    }
}

extension ProviderFailure {
    /// An element of `errors`, as in statuses, messages and values.
    init(meta error: JSON?) {
        self.init(
            code: error?["code"]?.asIdentifier,
            title: (error?["title"] ?? error?["message"])?.asIdentifier,
            detail: (error?["error_data"]?["details"] ?? error?["details"])?.asIdentifier
        )
    }
}
