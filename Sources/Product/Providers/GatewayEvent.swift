import FunctionContract

/// The common part of the webhooks of all gateways except Meta's: one envelope around one event of
/// one channel.
struct GatewayEvent {
    let name: String
    let channel: ChannelReference
    let time: Timestamp?
    /// Distinguishes two equal events: the time as the provider wrote it.
    let stamp: String?

    init(name: String, channel: ChannelReference, time: Timestamp?, stamp: String? = nil) {
        self.name = name
        self.channel = channel
        self.time = time
        self.stamp = stamp ?? time.map { String($0.milliseconds) }
    }

    func event(_ kind: DomainEvent.Kind, key: String, at moment: Timestamp?) -> DomainEvent {
        DomainEvent(
            dedupeKey: key,
            channel: channel,
            occurredAt: moment ?? time,
            kind: kind
        )
    }

    func unknown(_ raw: JSON, at place: String? = nil, key: String? = nil) -> DomainEvent {
        event(
            .unknown(UnknownEvent(place: place ?? (name.isEmpty ? "event" : name))),
            key: key ?? contentKey(of: raw),
            at: nil
        )
    }

    /// The key of an event without an id: its content and its time.
    func contentKey(of raw: JSON) -> String {
        DomainEvent.contentKey(name, channel.id, stamp, of: raw)
    }
}

/// Joins the parts to a key: `message.ack:ABC:3`. A missing part stays empty.
func dedupeKey(_ parts: String?...) -> String {
    parts.map { $0 ?? "" }.joined(separator: ":")
}

extension Media.Kind {
    /// The kind as which we show a file of this type.
    init(mimeType: String?) {
        let family = String((mimeType ?? "").prefix { $0 != "/" })
        let isSticker = mimeType == "image/webp"
        self = isSticker ? .sticker : Media.Kind(rawValue: family) ?? .document
    }
}
