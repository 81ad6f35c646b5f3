package import FunctionContract

// What the replies to other requests than sends say.

extension Meta {
    static func lookup(in reply: ProviderReply) -> MessageLookup? {
        guard reply.isSuccess, let json = reply.json else { return nil }
        let updates = json["data"].elements.flatMap(statuses)
        return updates.isEmpty ? .notFound : .found(updates)
    }

    private static func statuses(of message: JSON) -> [StatusUpdate] {
        guard let id = message["message_id"]?.asIdentifier else { return [] }
        // An edge is an object with `data`; a field of objects is a bare array.
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

    /// Where a file can be fetched for the next minutes, from the reply to
    /// `ProviderOperation.mediaAddress`; nil when the reply does not say.
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

    /// A page of templates, from the reply to `ProviderOperation.listTemplates`; nil when the
    /// reply holds none.
    package static func templates(in reply: ProviderReply) -> TemplatePage? {
        guard reply.isSuccess, let json = reply.json, let data = json["data"]?.array else {
            return nil
        }
        // `after` is there on the last page too; only `next` says that there is more.
        let hasMore = json["paging"]?["next"] != nil
        let cursor = json["paging"]?["cursors"]?["after"]?.asIdentifier
        return TemplatePage(
            templates: data.compactMap(Template.init),
            next: hasMore ? cursor : nil
        )
    }

    /// The template that a reply to `ProviderOperation.createTemplate` speaks of: its id, status
    /// and the category that Meta put it in.
    package static func createdTemplate(
        in reply: ProviderReply
    ) -> (id: String, status: String?, category: String?)? {
        guard reply.isSuccess, let json = reply.json, let id = json["id"]?.asIdentifier else {
            return nil
        }
        return (id, json["status"]?.asIdentifier, json["category"]?.asIdentifier)
    }
}

/// Some of an account's templates.
package struct TemplatePage: Equatable, Sendable {
    package var templates: [Template]
    /// For `ProviderOperation.listTemplates`; nil after the last page.
    package var next: String?
}

/// A template as the provider keeps it.
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
