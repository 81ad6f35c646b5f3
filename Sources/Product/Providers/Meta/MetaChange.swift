import FunctionContract

extension Meta {
    /// The events of every change of every entry. One delivery may carry a thousand changes, for
    /// several numbers.
    static func events(in body: JSON) -> [DomainEvent] {
        var events: [DomainEvent] = []
        for (index, root) in body.asList.enumerated() {
            let place = body.array == nil ? "" : "[\(index)]."
            if root["entry"].elements.isEmpty {
                // Meta's console sends a change without an entry when someone presses "test".
                events += MetaChange(root, at: place + "body", account: nil, time: nil).events
            }
            for (index, entry) in root["entry"].elements.enumerated() {
                events += changes(of: entry, at: "\(place)entry[\(index)]")
            }
        }
        return events
    }

    private static func changes(of entry: JSON, at place: String) -> [DomainEvent] {
        let account = entry["id"]?.asIdentifier
        let time = entry["time"]?.asMoment
        let changes = entry["changes"].elements
        if changes.isEmpty {
            return MetaChange(entry, at: place, account: account, time: time).events
        }
        return changes.enumerated().flatMap { index, change in
            let place = "\(place).changes[\(index)]"
            return MetaChange(change, at: place, account: account, time: time).events
        }
    }
}

/// One change of one entry: a field and its value.
struct MetaChange {
    let place: String
    let time: Timestamp?
    let field: String?
    let value: JSON
    let channel: ChannelReference
    private let raw: JSON

    init(_ change: JSON, at place: String, account: String?, time: Timestamp?) {
        self.place = place
        self.time = time
        raw = change
        field = change["field"]?.asIdentifier
        value = change["value"] ?? .null
        channel = ChannelReference(
            id: value["metadata"]?["phone_number_id"]?.asIdentifier,
            accountID: account,
            phone: value["metadata"]?["display_phone_number"]?.asIdentifier
                ?? value["display_phone_number"]?.asIdentifier
        )
    }

    var events: [DomainEvent] {
        let events =
            switch field {
            case "messages": messageEvents + echoEvents + statusEvents + errorEvents
            case "smb_message_echoes", "message_echoes": echoEvents
            case "calls": callEvents
            case "message_template_status_update", "message_template_quality_update",
                "message_template_components_update", "template_category_update":
                templateEvents
            case "user_preferences": preferenceEvents
            case "account_update", "account_alerts", "account_review_update", "security",
                "phone_number_quality_update", "phone_number_name_update",
                "business_capability_update":
                accountEvents
            default: [DomainEvent]()
            }
        return events.isEmpty ? [unknown(raw, at: "\(place).\(field ?? "?")")] : events
    }

    /// An event without an id of its own. Its key is a digest of `part`, or of the whole value. The
    /// entry's time distinguishes two equal events.
    func event(_ kind: DomainEvent.Kind, saying part: JSON? = nil) -> DomainEvent {
        let part = part ?? value
        let stamp = time.map { String($0.milliseconds) }
        return DomainEvent(
            dedupeKey: DomainEvent.contentKey(field, channel.accountID, stamp, of: part),
            channel: channel,
            occurredAt: time,
            kind: kind
        )
    }

    func unknown(_ raw: JSON, at place: String) -> DomainEvent {
        let time = time.map { String($0.milliseconds) }
        return DomainEvent(
            dedupeKey: DomainEvent.contentKey("u", channel.accountID, time, of: raw),
            channel: channel,
            occurredAt: time == nil ? nil : self.time,
            kind: .unknown(UnknownEvent(place: place))
        )
    }
}
