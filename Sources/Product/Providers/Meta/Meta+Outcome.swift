import FunctionContract

extension Meta {
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let json = reply.json
        if reply.isSuccess {
            return acceptance(json).map(SendOutcome.accepted) ?? .successWithoutID(reply)
        }
        guard let error = json?["error"], error.object != nil else {
            return .failed(reply, words: nil, now: now)
        }
        let failure = failure(of: error)
        guard let policy = failure.code.flatMap({ Int($0) }).flatMap(MetaErrorPolicy.policy)
        else { return unlisted(failure, error, reply, now: now) }
        return policy.outcome(failure, retryAfter: reply.retryAfter(now: now))
    }

    /// Reacts to a failure in a status webhook. Its codes are the same as in replies.
    static func outcome(of failure: ProviderFailure) -> SendOutcome {
        guard let policy = failure.code.flatMap({ Int($0) }).flatMap(MetaErrorPolicy.policy)
        else { return .gatewayFailure(failure) }
        return policy.outcome(failure, retryAfter: nil)
    }

    private static func acceptance(_ json: JSON?) -> Acceptance? {
        guard let message = json?["messages"]?[0], let id = message["id"]?.asIdentifier else {
            return nil
        }
        var acceptance = Acceptance(messageID: MessageID(id))
        let contact = json?["contacts"]?[0]
        acceptance.recipient.add(.waID, contact?["wa_id"]?.asIdentifier)
        acceptance.recipient.add(.bsuid, contact?["user_id"]?.asIdentifier)
        return acceptance
    }

    private static func failure(of error: JSON) -> ProviderFailure {
        ProviderFailure(
            code: error["code"]?.asIdentifier,
            title: (error["error_user_msg"] ?? error["message"])?.asIdentifier,
            detail: error["error_data"]?["details"]?.asIdentifier
        )
    }

    /// The outcome for a code that is not in the table: Meta's `is_transient`, otherwise the HTTP
    /// status.
    private static func unlisted(
        _ failure: ProviderFailure,
        _ error: JSON,
        _ reply: ProviderReply,
        now: Timestamp
    ) -> SendOutcome {
        guard error["is_transient"]?.asBool == true else {
            return .failed(reply, words: failure.words, now: now)
        }
        let wait = reply.retryAfter(now: now) ?? .seconds(5)
        return .retry(
            Retry(.message, after: wait, attemptLimit: 3, .rateLimited(reply, failure.words))
        )
    }
}

extension MetaErrorPolicy {
    func outcome(_ failure: ProviderFailure, retryAfter: Duration?) -> SendOutcome {
        let reason = Reason(
            code: failure.code,
            detail: failure.words,
            french: french,
            english: english
        )
        let outcome = outcome(reason, failure)
        guard case .retry(let retry) = outcome else { return outcome }
        return .retry(retry.waiting(asLongAs: retryAfter))
    }

    private func outcome(_ reason: Reason, _ failure: ProviderFailure) -> SendOutcome {
        switch action {
        case .refreshToken, .restorePermission, .pauseForPolicy, .pauseForPayment, .pauseNumber,
            .pauseNumberForSpam, .waitAsTold, .waitWithoutRetry:
            .pauseChannel(reason)
        case .pauseTemplate, .disableTemplate, .templateMissing, .templatePolicy:
            .pauseTemplate(reason)
        case .useTemplate: .useTemplate(reason)
        case .markUndeliverable: .giveUp(reason, consequence: .undeliverable)
        case .optOut: .giveUp(reason, consequence: .optedOut)
        // A permanent error of the number affects all its messages, so the channel pauses.
        case .fail where subject == .number: .pauseChannel(reason)
        case .fail, .failUnblock, .failForCountry, .failForSettings, .mediaUnavailable,
            .templateParameters:
            .giveUp(reason, consequence: .none)
        case .failForMedia where !failure.isAboutABusyServer:
            .giveUp(reason, consequence: .none)
        case .failForMedia:
            .retry(Retry(.message, after: .seconds(60), attemptLimit: 3, reason))
        case .retry: .retry(Retry(scope, after: .seconds(5), reason))
        case .retryFewTimes:
            .retry(Retry(.message, after: .seconds(5), attemptLimit: 3, reason))
        case .retrySlowly: .retry(Retry(.channel, after: .seconds(60), reason))
        case .slowDown: .retry(Retry(.channel, after: .seconds(2), reason))
        case .retryPair: .retry(Retry(.pair, after: .seconds(1), factor: 4, reason))
        case .retryAfterFiveMinutes:
            .retry(Retry(.channel, after: .seconds(300), factor: 1, reason))
        case .retryAfterOneHour:
            .retry(Retry(.message, after: .seconds(3600), factor: 1, reason))
        case .deferOneDay:
            .retry(Retry(.message, after: .day, factor: 1, attemptLimit: 2, reason))
        }
    }

    /// An error of the account delays the whole channel; any other error delays only the message.
    private var scope: Retry.Scope { subject == .account ? .channel : .message }
}

extension Duration {
    fileprivate static let day = Duration.seconds(24 * 3600)
}

extension ProviderFailure {
    /// Whether the text names a temporary status of a file server: 429 or 5xx.
    fileprivate var isAboutABusyServer: Bool {
        (words ?? "").split { !$0.isNumber }.compactMap { Int($0) }.contains {
            $0 == 429 || (500...599).contains($0)
        }
    }
}
