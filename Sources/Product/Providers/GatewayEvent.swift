import FunctionContract

/// What the webhooks of every gateway but Meta's have in common: one envelope around one event of
/// one channel.
struct GatewayEvent {
    let name: String
    let channel: ChannelReference
    let time: Timestamp?

    func event(
        _ kind: DomainEvent.Kind,
        key: String,
        at moment: Timestamp?,
        raw: JSON
    ) -> DomainEvent {
        DomainEvent(
            dedupeKey: key,
            channel: channel,
            occurredAt: moment ?? time,
            kind: kind,
            raw: raw
        )
    }

    func unknown(_ raw: JSON, at place: String? = nil, key: String? = nil) -> DomainEvent {
        let time = time.map { String($0.milliseconds) }
        return event(
            .unknown(UnknownEvent(place: place ?? (name.isEmpty ? "event" : name))),
            key: key ?? DomainEvent.contentKey(name, channel.id, time, of: raw),
            at: nil,
            raw: raw
        )
    }

    /// The key of an event without an id: its content and its time.
    func contentKey(of raw: JSON) -> String {
        DomainEvent.contentKey(name, channel.id, time.map { String($0.milliseconds) }, of: raw)
    }
}

/// A key of the parts that are there: `message.ack:ABC:3`.
func dedupeKey(_ parts: String?...) -> String {
    parts.map { $0 ?? "" }.joined(separator: ":")
}

extension Media.Kind {
    /// What a file of this type is shown as.
    init(mimeType: String?) {
        let family = String((mimeType ?? "").prefix { $0 != "/" })
        let isSticker = mimeType == "image/webp"
        self = isSticker ? .sticker : Media.Kind(rawValue: family) ?? .document
    }
}
