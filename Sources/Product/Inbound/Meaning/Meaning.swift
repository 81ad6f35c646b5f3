package import Campaigns
internal import Database
package import FunctionContract
package import Messages
package import Providers

/// The effect that an event has, expressed in our own model.
package enum Meaning: Sendable, Equatable {
    /// The status of one of our messages changed.
    case moved(DeliveryNote)
    case said(Utterance)
    case preference(MarketingPreference, at: Timestamp, key: String)
    case amended(Amendment)
    case template(TemplateUpdate, at: Timestamp)
    case channel(ChannelNews)
    case identityChanged(IdentityChange)
    /// Understood, but requires no action: groups, our own reactions, …
    case nothing
    /// Not understood; the webhook is kept unchanged.
    case unknown
}

/// A contact's message or action in a direct chat.
package struct Utterance: Sendable, Equatable {
    package var party: Party
    package var kind: Interaction.Kind
    package var content: String?
    package var providerID: String
    /// The provider's ids of the message that this one answers.
    package var context: [String]
    package var at: Timestamp
}

/// A later change to a received message.
package struct Amendment: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case edited
        case revoked
    }

    package var kind: Kind
    package var target: String
    package var content: String?
    package var at: Timestamp
}

extension Meaning {
    /// `received` replaces the time of an event that has none, or an impossible one.
    package init(_ event: DomainEvent, from provider: Provider, received: Timestamp) {
        let at = Timestamp(told: event.occurredAt, heardAt: received)
        switch event.kind {
        case .status(var update):
            update.at = update.at ?? event.occurredAt
            self = .moved(DeliveryNote(update, from: provider, now: received))
        case .echo(let echo):
            var note = DeliveryNote(providerIDs: echo.id.all, status: .sent, at: at, isEcho: true)
            note.recipient = echo.recipient
            self = .moved(note)
        case .message(let message): self = .init(message, at)
        case .reaction(let reaction): self = .init(reaction, key: event.dedupeKey, at)
        case .edited(let edit): self = .init(edit, at)
        case .revoked(let revocation): self = .init(revocation, at)
        case .preference(let preference):
            self = .preference(preference, at: at, key: event.dedupeKey)
        case .template(let update): self = .template(update, at: at)
        case .account(let update):
            self = ChannelNews(update, from: provider, at: at).map { .channel($0) } ?? .nothing
        case .session(let update):
            self = ChannelNews(update, at: at).map { .channel($0) } ?? .nothing
        case .identityChanged(let change): self = .identityChanged(change)
        case .call(let call): self = .init(call, at)
        case .technical: self = .nothing
        case .unknown: self = .unknown
        }
    }

    private init(_ message: InboundMessage, _ at: Timestamp) {
        guard message.chat.kind == .direct, !message.sender.identities.isEmpty else {
            self = .nothing
            return
        }
        self = .said(
            Utterance(
                party: message.sender,
                kind: message.content.kind,
                content: message.content.words?.storable,
                providerID: message.id.value,
                context: message.replyTo?.messageID?.all ?? [],
                at: at
            )
        )
    }

    /// Removing a reaction is not an answer. The earlier reaction still counts.
    private init(_ reaction: Reaction, key: String, _ at: Timestamp) {
        guard !reaction.isOwn, reaction.chat.kind == .direct, let emoji = reaction.emoji,
            !reaction.sender.identities.isEmpty
        else {
            self = .nothing
            return
        }
        self = .said(
            Utterance(
                party: reaction.sender,
                kind: .reaction,
                content: emoji.storable,
                providerID: reaction.id?.value ?? key,
                context: reaction.target.all,
                at: at
            )
        )
    }

    /// A call is one interaction, however many events report it. Some calls are reported only at
    /// their end, so every event counts.
    private init(_ call: CallUpdate, _ at: Timestamp) {
        guard !call.isOwn, call.chat.kind == .direct else {
            self = .nothing
            return
        }
        self = .said(
            Utterance(
                party: call.contact,
                kind: .call,
                content: nil,
                providerID: call.id,
                context: [],
                at: at
            )
        )
    }

    private init(_ edit: MessageEdit, _ at: Timestamp) {
        guard !edit.isOwn else {
            self = .nothing
            return
        }
        self = .amended(
            Amendment(
                kind: .edited,
                target: edit.target.value,
                content: edit.content.words?.storable,
                at: at
            )
        )
    }

    private init(_ revocation: MessageRevocation, _ at: Timestamp) {
        guard !revocation.isOwn else {
            self = .nothing
            return
        }
        let target = revocation.target.value
        self = .amended(Amendment(kind: .revoked, target: target, content: nil, at: at))
    }
}

extension MessageContent {
    /// An opt-out or opt-in word counts whether it was typed or chosen.
    fileprivate var kind: Interaction.Kind {
        let words: [String?]
        let otherwise: Interaction.Kind
        switch self {
        case .text(let text): (words, otherwise) = ([text], .reply)
        case .choice(let choice): (words, otherwise) = ([choice.title, choice.payload], .choice)
        case .form, .poll: (words, otherwise) = ([], .choice)
        case .media, .location, .contacts, .order, .unsupported: (words, otherwise) = ([], .reply)
        }
        return switch words.lazy.compactMap({ $0.flatMap(OptOutWord.init) }).first {
        case .leave: .optOut
        case .comeBack: .optIn
        case nil: otherwise
        }
    }

    /// The text that is stored for people to read.
    fileprivate var words: String? {
        switch self {
        case .choice(let choice): choice.title ?? choice.payload
        case .form(_, let response): response
        case .text, .media, .location, .contacts, .order, .poll, .unsupported: text
        }
    }
}

extension String {
    private static let storedLimit = 4096

    /// The text as the database accepts it: no U+0000, and no more than a message can hold.
    var storable: String { cut(to: Self.storedLimit) }
}
