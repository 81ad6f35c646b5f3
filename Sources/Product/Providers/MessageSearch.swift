package import FunctionContract

/// A message of which nobody knows whether it went out, as its provider can be asked for it.
package struct MessageSearch: Equatable, Sendable {
    package var message: OutboundMessage
    /// It cannot have gone out before.
    package var since: Timestamp
    /// The provider's id of the channel it was to go through, for those that keep the messages of
    /// several together.
    package var channelID: String?

    /// Messages of a chat that are looked through, the latest.
    static let limit = 50

    package init(_ message: OutboundMessage, since: Timestamp, channelID: String? = nil) {
        self.message = message
        self.since = since
        self.channelID = channelID
    }
}

extension Provider {
    /// The messages that can be the one searched for, from the reply to
    /// `ProviderOperation.searchMessage`: one status each. A provider that does not know our
    /// reference knows the chat and the words, so that the caller leaves out what is known to be
    /// another message of ours. That none is found does not prove that none went out.
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
    /// A message that a provider has is in its hands, whatever it says about the way since.
    fileprivate var taken: StatusUpdate {
        var update = self
        update.status = max(status, .accepted)
        return update
    }
}

extension MessageSearch {
    /// The text searched for; web gateways keep nothing else that it could be known by.
    var text: String? {
        if case .text(let text, _) = message.content { text } else { nil }
    }

    /// Whether something from then, of ours, with these words, can be it.
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
    /// WhatsApp takes off the space around a text.
    func isSameText(as other: String) -> Bool { trimmed == other.trimmed }

    private var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
