private import FunctionContract

// Names are stored under unique indexes, so they must fit into an index entry. The providers' own
// names have at most a few hundred bytes. On some networks, however, the sender of a message may
// choose its id.

extension String {
    private static let nameByteLimit = 512

    /// Whether we can store this text as the name of a message or a person.
    package var isProviderName: Bool {
        !isEmpty && utf8.count <= Self.nameByteLimit && !utf8.contains(0)
    }
}

extension DomainEvent {
    /// The same event if we can store all its names; otherwise an unknown event.
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
            // The message counts, even if the id that it replies to is invalid.
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

    /// Whether a person caused the event and the provider does not name the person. No contact can
    /// be found for such an event, so it counts as unknown.
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
    /// The quality in the provider's own word, which we store.
    fileprivate var quality: String? {
        if case .quality(_, let word) = self { word } else { nil }
    }
}
