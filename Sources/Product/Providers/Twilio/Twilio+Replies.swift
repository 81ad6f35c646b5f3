import FunctionContract

extension Twilio {
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let json = reply.json
        if reply.isSuccess {
            guard let id = json?["sid"]?.asIdentifier else { return .successWithoutID(reply) }
            var acceptance = Acceptance(messageID: MessageID(id))
            let to = json?["to"]?.asIdentifier.map { String(TwilioAddress.bare($0)) }
            acceptance.recipient.add(number: to)
            return .accepted(acceptance)
        }
        let failure = ProviderFailure(
            code: json?["code"]?.asIdentifier,
            title: json?["message"]?.asIdentifier
        )
        guard let policy = TwilioErrorPolicy.policy(for: failure) else {
            return .failed(reply, words: failure.words, now: now)
        }
        return policy.outcome(failure, retryAfter: reply.retryAfter(now: now))
    }

    /// Reacts to a failure in a receipt. Its codes are the same as in replies.
    static func outcome(of failure: ProviderFailure) -> SendOutcome {
        TwilioErrorPolicy.policy(for: failure)?.outcome(failure, retryAfter: nil)
            ?? .gatewayFailure(failure)
    }

    static func lookup(in reply: ProviderReply) -> MessageLookup? {
        if reply.status == 404 { return .notFound }
        guard reply.isSuccess, let json = reply.json, let update = update(json) else { return nil }
        return .found([update])
    }

    static func candidates(for search: MessageSearch, in json: JSON) -> [StatusUpdate]? {
        json["messages"]?.array?.compactMap { message in
            let isOwn = message["direction"]?.asText?.hasPrefix("outbound") ?? false
            // Twilio writes whole seconds. We take the end of the second, the latest possible time.
            let date = message["date_created"]?.asText.flatMap { Timestamp(rfc2822: $0) }
                .map { Timestamp(milliseconds: $0.milliseconds + 999) }
            guard search.fits(at: date, isOwn: isOwn, message["body"]?.asText) else { return nil }
            return update(message)
        }
    }

    private static func update(_ json: JSON) -> StatusUpdate? {
        guard let id = json["sid"]?.asIdentifier else { return nil }
        let status = status(json["status"]?.asText) ?? .accepted
        var update = StatusUpdate(messageID: MessageID(id), status: status)
        update.at = json["date_updated"]?.asText.flatMap { Timestamp(rfc2822: $0) }
        if status == .failed {
            update.failure = ProviderFailure(
                code: json["error_code"]?.asIdentifier,
                title: json["error_message"]?.asIdentifier
            )
        }
        return update
    }
}

extension Timestamp {
    /// Reads `Fri, 24 May 2019 17:44:50 +0000`. Twilio always writes UTC.
    fileprivate init?(rfc2822 text: String) {
        guard text.hasSuffix(" +0000") else { return nil }
        self.init(httpDate: text.dropLast("+0000".count) + "GMT")
    }
}
