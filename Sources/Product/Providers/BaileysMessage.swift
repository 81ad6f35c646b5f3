import FunctionContract

/// A message of WhatsApp's web protocol, as Baileys serializes it. The name of its single member is
/// the kind of the message. Some messages are nested in wrappers.
struct BaileysMessage {
    /// Kinds without content for a reader: keys, settings, marks in a chat.
    private static let technicalKinds: Set = [
        "messageContextInfo", "senderKeyDistributionMessage",
        "fastRatchetKeySenderKeyDistributionMessage", "protocolMessage", "reactionMessage",
        "encReactionMessage", "secretEncryptedMessage", "keepInChatMessage", "pinInChatMessage",
        "stickerSyncRmrMessage", "messageHistoryBundle", "messageHistoryNotice", "chat", "call",
        "callLogMesssage",
    ]

    private static let wrapperLimit = 5

    private let message: JSON
    private let isViewOnce: Bool

    init(_ json: JSON?) {
        var message = json ?? .null
        var isViewOnce = false
        for _ in 0..<Self.wrapperLimit {
            // WhatsApp adds new wrappers every year. Each is a member that has a `message` member.
            guard
                let (name, wrapper) = message.object?.members.first(where: {
                    $0.value["message"]?.object != nil
                }), let inner = wrapper["message"]
            else { break }
            isViewOnce = isViewOnce || name.hasPrefix("viewOnce")
            message = inner
        }
        self.message = message
        self.isViewOnce = isViewOnce
    }

    /// Nil if the message holds nothing for a reader. A person also wrote the messages whose kind
    /// we do not know. They are `.unsupported` and count as an answer.
    var content: MessageContent? {
        text ?? media ?? choice ?? place ?? cards ?? unsupported
    }

    private var unsupported: MessageContent? {
        let kind = message.object?.members.first { !Self.technicalKinds.contains($0.name) }?.name
        return kind.map { .unsupported(type: $0, ProviderFailure()) }
    }

    /// Whether the message has members and all of them are of technical kinds.
    var isTechnical: Bool {
        let members = message.object?.members ?? []
        return !members.isEmpty && members.allSatisfy { Self.technicalKinds.contains($0.name) }
    }

    /// The protocol message, if there is one. Some types revoke or edit another message.
    var protocolMessage: JSON? { message["protocolMessage"] }

    var reaction: JSON? { message["reactionMessage"] }

    var replyTo: ReplyContext? {
        guard let id = contextInfo?["stanzaId"]?.asIdentifier else { return nil }
        return ReplyContext(
            messageID: MessageID(id),
            author: contextInfo?["participant"]?.asIdentifier
        )
    }

    /// The name of the content member, for messages that we do not understand.
    var kind: String? {
        message.object?.members.first {
            $0.name != "messageContextInfo" && $0.name != "senderKeyDistributionMessage"
        }?.name
    }

    private var contextInfo: JSON? {
        let parts = message.object?.members ?? []
        return parts.lazy.compactMap { $0.value["contextInfo"] }.first
    }

    private var text: MessageContent? {
        let text = message["conversation"] ?? message["extendedTextMessage"]?["text"]
        return text?.asIdentifier.map(MessageContent.text)
    }
}

// MARK: - Content

extension BaileysMessage {
    private var media: MessageContent? {
        // A "ptv" is a round video message.
        let names = Media.Kind.allCases.map { ($0.rawValue + "Message", $0) }
        for (name, kind) in names + [("ptvMessage", .video)] {
            guard let part = message[name], part.object != nil else { continue }
            var media = Media(kind)
            media.url = (message["mediaUrl"] ?? part["url"])?.asIdentifier
            media.mimeType = part["mimetype"]?.asIdentifier
            media.sha256 = part["fileSha256"]?.asIdentifier
            media.fileName = (part["fileName"] ?? part["title"])?.asIdentifier
            media.caption = part["caption"]?.asIdentifier
            media.byteCount = part["fileLength"]?.asInteger
            media.isVoice = part["ptt"]?.asBool ?? false
            media.isAnimated = part["isAnimated"]?.asBool ?? false
            media.isViewOnce = isViewOnce || part["viewOnce"]?.asBool == true
            return .media(media)
        }
        return nil
    }

    /// A pressed button or a chosen row, in every form that WhatsApp has used for them.
    var choice: MessageContent? {
        if let part = message["buttonsResponseMessage"] {
            return choice(.button, part["selectedButtonId"], part["selectedDisplayText"])
        }
        if let part = message["templateButtonReplyMessage"] {
            return choice(.templateButton, part["selectedId"], part["selectedDisplayText"])
        }
        if let part = message["listResponseMessage"] {
            let row = part["singleSelectReply"]?["selectedRowId"]
            return choice(.list, row, part["title"], part["description"])
        }
        guard let part = message["interactiveResponseMessage"] else { return nil }
        let flow = part["nativeFlowResponseMessage"]
        return .form(
            name: flow?["name"]?.asIdentifier,
            responseJSON: flow?["paramsJson"]?.asText ?? "{}"
        )
    }

    private func choice(
        _ source: Choice.Source,
        _ payload: JSON?,
        _ title: JSON?,
        _ detail: JSON? = nil
    ) -> MessageContent {
        .choice(
            Choice(
                source: source,
                payload: payload?.asIdentifier,
                title: title?.asIdentifier,
                detail: detail?.asIdentifier
            )
        )
    }

    private var place: MessageContent? {
        guard let part = message["locationMessage"] ?? message["liveLocationMessage"],
            let latitude = part["degreesLatitude"]?.asDouble,
            let longitude = part["degreesLongitude"]?.asDouble
        else { return nil }
        return .location(
            Location(
                latitude: latitude,
                longitude: longitude,
                name: part["name"]?.asIdentifier,
                address: part["address"]?.asIdentifier
            )
        )
    }

    private var cards: MessageContent? {
        let several = message["contactsArrayMessage"]?["contacts"].elements ?? []
        let cards = several + (message["contactMessage"].map { [$0] } ?? [])
        if cards.isEmpty { return nil }
        return .contacts(
            cards.map { card in
                let vCard = VCard(card["vcard"]?.asText ?? "")
                return SharedContact(
                    name: card["displayName"]?.asIdentifier ?? vCard.name,
                    phones: vCard.phones
                )
            }
        )
    }
}

/// The two things we read from a vCard (RFC 6350).
struct VCard {
    let name: String?
    let phones: [String]

    init(_ text: String) {
        let lines = text.split { $0.isNewline }
        func values(_ property: String) -> [String] {
            lines.compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let label = line[..<colon].uppercased()
                // "item1.TEL;waid=…" is a TEL too.
                let name = label.split(separator: ";").first?.split(separator: ".").last
                guard name.map(String.init) == property else { return nil }
                return String(line[line.index(after: colon)...])
            }
        }
        name = values("FN").first
        phones = values("TEL")
    }
}
