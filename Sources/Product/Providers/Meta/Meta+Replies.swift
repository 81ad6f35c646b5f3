package import FunctionContract

// Reads the replies to all requests except sends.

extension Meta {
    static func lookup(in reply: ProviderReply) -> MessageLookup? {
        guard reply.isSuccess, let json = reply.json else { return nil }
        let updates = json["data"].elements.flatMap(statuses)
        return updates.isEmpty ? .notFound : .found(updates)
    }

    private static func statuses(of message: JSON) -> [StatusUpdate] {
        guard let id = message["message_id"]?.asIdentifier else { return [] }
        // A Graph edge is an object with `data`; a field with several objects is a bare array.
        let events = (message["events"]?["data"] ?? message["events"]).elements
        return events.compactMap { event in
            guard let word = event["delivery_status"]?.asText?.lowercased() else { return nil }
            let status = DeliveryStatus.allCases.first { $0.metaWord == word }
            return StatusUpdate(
                messageID: MessageID(id),
                status: status ?? .accepted,
                at: event["timestamp"]?.asMoment
            )
        }
    }

    /// The address of a file, valid for minutes, from the reply to
    /// `ProviderOperation.mediaAddress`. Nil if the reply has none.
    package static func mediaAddress(in reply: ProviderReply) -> Media? {
        guard reply.isSuccess, let json = reply.json, let url = json["url"]?.asIdentifier else {
            return nil
        }
        let mimeType = json["mime_type"]?.asIdentifier
        let family = mimeType?.prefix { $0 != "/" } ?? ""
        var media = Media(Media.Kind(rawValue: String(family)) ?? .document)
        media.id = json["id"]?.asIdentifier
        media.url = url
        media.mimeType = mimeType
        media.sha256 = json["sha256"]?.asIdentifier
        media.byteCount = json["file_size"]?.asInteger
        return media
    }

    /// A page of templates, from the reply to `ProviderOperation.listTemplates`. Nil if the reply
    /// has none.
    package static func templates(in reply: ProviderReply) -> TemplatePage? {
        guard reply.isSuccess, let json = reply.json, let data = json["data"]?.array else {
            return nil
        }
        // The last page has an `after` too. Only `next` shows that there is another page.
        let hasMore = json["paging"]?["next"] != nil
        let cursor = json["paging"]?["cursors"]?["after"]?.asIdentifier
        return TemplatePage(
            templates: data.compactMap(Template.init),
            next: hasMore ? cursor : nil
        )
    }

    /// The id, the status and Meta's category of a new template, from the reply to
    /// `ProviderOperation.createTemplate`.
    package static func createdTemplate(
        in reply: ProviderReply
    ) -> (id: String, status: String?, category: String?)? {
        guard reply.isSuccess, let json = reply.json, let id = json["id"]?.asIdentifier else {
            return nil
        }
        return (id, json["status"]?.asIdentifier, json["category"]?.asIdentifier)
    }
}

/// A page of an account's templates.
package struct TemplatePage: Equatable, Sendable {
    package var templates: [Template]
    /// The cursor for `ProviderOperation.listTemplates`; nil after the last page.
    package var next: String?
}

/// A template as the provider stores it.
package struct Template: Equatable, Sendable {
    package var id: String?
    package var name: String
    package var language: String
    package var status: String?
    package var category: String?
    package var components: [JSON]

    init?(_ json: JSON) {
        guard let name = json["name"]?.asIdentifier,
            let language = json["language"]?.asIdentifier
        else { return nil }
        id = json["id"]?.asIdentifier
        self.name = name
        self.language = language
        status = json["status"]?.asIdentifier
        category = json["category"]?.asIdentifier
        components = json["components"].elements
    }
}
