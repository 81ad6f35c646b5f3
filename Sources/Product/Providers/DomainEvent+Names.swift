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
        if kind.isOfNobody {
            event.kind = .unknown(UnknownEvent(place: "an event that names nobody"))
        }
        if !kind.names.allSatisfy(\.isProviderName) {
            event.kind = .unknown(UnknownEvent(place: "a name that cannot be kept"))
        }
        if case .message(var message) = event.kind,
            message.replyTo?.messageID?.value.isProviderName == false
        {
            // The message counts, whatever it claims to answer.
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
        case .call(let call): [call.id]
        case .template(let update):
            [update.id, update.name, update.language, update.change.quality].compactMap { $0 }
        case .account, .session, .preference, .identityChanged, .technical, .unknown: []
        }
    }

    /// Whether a person did it and the provider does not say who. Nobody could be found for it, so
    /// it must be counted as unknown and not pass for understood.
    fileprivate var isOfNobody: Bool {
        switch self {
        case .message(let message):
            message.chat.kind == .direct && message.sender.identities.isEmpty
        case .reaction(let reaction):
            !reaction.isOwn && reaction.chat.kind == .direct && reaction.sender.identities.isEmpty
        case .call(let call):
            !call.isOwn && call.chat.kind == .direct && call.contact.identities.isEmpty
        case .preference(let preference): preference.party.identities.isEmpty
        case .identityChanged(let change):
            change.old.identities.isEmpty || change.new.identities.isEmpty
        case .echo, .status, .edited, .revoked, .template, .account, .session, .technical,
            .unknown:
            false
        }
    }
}

extension TemplateUpdate.Change {
    /// Kept in the provider's own word.
    fileprivate var quality: String? {
        if case .quality(_, let word) = self { word } else { nil }
    }
}
