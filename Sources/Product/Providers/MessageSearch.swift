package import FunctionContract

/// A search at the provider for a message that may or may not have been sent.
package struct MessageSearch: Equatable, Sendable {
    package var message: OutboundMessage
    /// The earliest time at which the message can have been sent.
    package var since: Timestamp
    /// The provider's id of the sending channel. Some providers keep the messages of several
    /// channels together.
    package var channelID: String?

    /// How many of a chat's latest messages are examined.
    static let limit = 50

    package init(_ message: OutboundMessage, since: Timestamp, channelID: String? = nil) {
        self.message = message
        self.since = since
        self.channelID = channelID
    }
}

extension Provider {
    /// The messages that may be the one we search for, from the reply to
    /// `ProviderOperation.searchMessage`. Each is returned as one status.
    ///
    /// Some providers do not store our reference, so they match by chat and text. The caller must
    /// exclude results that it knows to be other messages of ours. An empty result does not prove
    /// that nothing was sent.
    package func candidates(
        for search: MessageSearch,
        in result: TransportResult,
        now: Timestamp
    ) -> MessageLookup {
        guard case .reply(let reply) = result, reply.isSuccess, let json = reply.json else {
            return .inconclusive(outcome(of: result, now: now))
        }
        let updates = adapter.candidates(for: search, in: json)
        guard let updates else { return .inconclusive(outcome(of: result, now: now)) }
        return updates.isEmpty ? .notFound : .found(updates.map(\.taken))
    }
}

extension StatusUpdate {
    /// A message that the provider stores has at least been accepted, whatever status it reports.
    fileprivate var taken: StatusUpdate {
        var update = self
        update.status = max(status, .accepted)
        return update
    }
}

extension MessageSearch {
    /// The text to search for. Web gateways store nothing else by which to recognise a message.
    var text: String? {
        if case .text(let text, _) = message.content { text } else { nil }
    }

    /// Whether a message with this time, sender and text may be the one we search for.
    func fits(at moment: Timestamp?, isOwn: Bool, _ words: String?) -> Bool {
        guard isOwn, let moment, moment >= since, let text, let words else { return false }
        return words.isSameText(as: text)
    }

    func checkedText() throws(ProviderError) {
        if text != nil { return }
        throw .invalid(field: "content", reason: "only a text can be searched for")
    }
}

extension String {
    /// WhatsApp removes the space around a text.
    func isSameText(as other: String) -> Bool { trimmed == other.trimmed }

    private var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
