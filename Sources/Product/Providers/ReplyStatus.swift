import FunctionContract

// The meaning of an HTTP status if the provider's own error does not give a better one.

extension SendOutcome {
    /// The outcome of an unsuccessful reply. `words` is the provider's error text. A 5xx without
    /// any text may come from a proxy that had forwarded the request.
    static func failed(_ reply: ProviderReply, words: String?, now: Timestamp) -> SendOutcome {
        switch reply.status {
        case 429:
            return .tooMuch(reply, words, now: now)
        case 401, 403: return .pauseChannel(.accessRefused(reply, words))
        case 400..<500 where reply.status != 408:
            return .giveUp(.refused(reply, words), consequence: .none)
        case 503 where words != nil || reply.retryAfter(now: now) != nil:
            return .tooMuch(reply, words, now: now)
        default: return .unknown(.answerLost(code: String(reply.status), detail: words))
        }
    }

    /// The provider asks for a pause and usually says how long.
    private static func tooMuch(
        _ reply: ProviderReply,
        _ words: String?,
        now: Timestamp
    ) -> SendOutcome {
        let asked = reply.retryAfter(now: now)
        let pause = Retry(
            .channel,
            after: asked ?? .seconds(30),
            factor: asked == nil ? 2 : 1,
            .rateLimited(reply, words)
        )
        return .retry(pause.waiting(asLongAs: asked))
    }

    /// A success without a message id proves nothing.
    static func successWithoutID(_ reply: ProviderReply) -> SendOutcome {
        .unknown(.answerLost(code: String(reply.status), detail: "no message id in the reply"))
    }
}

extension ProviderReply {
    private static let longestWaitSeconds: Int64 = 24 * 3600

    /// How long the provider asks us to wait: `Retry-After` in seconds or as a date (RFC 9110). At
    /// most 24 hours.
    func retryAfter(now: Timestamp) -> Duration? {
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = Int64(text) {
            return .seconds(min(max(seconds, 0), Self.longestWaitSeconds))
        }
        guard let date = Timestamp(httpDate: text) else { return nil }
        let wait = date.milliseconds - now.milliseconds
        return .milliseconds(min(max(wait, 0), Self.longestWaitSeconds * 1000))
    }
}
