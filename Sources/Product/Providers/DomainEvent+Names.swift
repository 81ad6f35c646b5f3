private import FunctionContract

// Names are looked up and kept unique, so they must fit an index. None that a provider gives is
// longer than a few hundred bytes, but whoever writes a message may choose its id on some networks.

extension String {
    private static let nameByteLimit = 512

    /// Whether it can be the name of a message or of somebody, and be kept as one.
    package var isProviderName: Bool {
        !isEmpty && utf8.count <= Self.nameByteLimit && !utf8.contains(0)
    }
}

extension DomainEvent {
    /// The same event if everything in it has a name that can be kept, else an unknown one.
    var withUsableNames: DomainEvent {
        var event = self
        if !dedupeKey.isProviderName {
            event.dedupeKey = DomainEvent.contentKey(of: .string(dedupeKey))
        }
        if !kind.names.allSatisfy(\.isProviderName) {
            event.kind = .unknown(UnknownEvent(place: "a name that cannot be kept"))
        }
        if case .message(var message) = event.kind,
            message.replyTo?.messageID?.value.isProviderName == false
        {
            // Whatever it claims to answer, it was said.
            message.replyTo = nil
            event.kind = .message(message)
        }
        if case .template = kind, channel.accountID?.isProviderName == false {
            event.channel.accountID = nil
        }
        return event
    }
}

extension DomainEvent.Kind {
    fileprivate var names: [String] {
        switch self {
        case .message(let message), .echo(let message): [message.id.value]
        case .reaction(let reaction): [reaction.id?.value, reaction.target.value].compactMap { $0 }
        case .status(let update): [update.messageID.value]
        case .edited(let edit): [edit.target.value]
        case .revoked(let revocation): [revocation.target.value]
        case .template(let update):
            [update.id, update.name, update.language, update.change.quality].compactMap { $0 }
        case .account, .session, .preference, .numberChanged, .unknown: []
        }
    }
}

extension TemplateUpdate.Change {
    /// Kept in the provider's own word.
    fileprivate var quality: String? {
        if case .quality(_, let word) = self { word } else { nil }
    }
}
