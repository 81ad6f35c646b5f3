/// How to react to an error code of Twilio. The codes are the same in replies and receipts.
struct TwilioErrorPolicy {
    enum Action {
        case pauseChannel
        case pauseTemplate
        case useTemplate
        case undeliverable
        case optOut
        case giveUp
        case retryMessage
        case retryTomorrow
        case slowDown
    }

    let codes: Set<Int>
    let action: Action
    let french: String
    let english: String

    init(_ codes: Int..., action: Action, french: String, english: String) {
        self.codes = Set(codes)
        self.action = action
        self.french = french
        self.english = english
    }

    static func policy(for failure: ProviderFailure) -> TwilioErrorPolicy? {
        failure.code.flatMap { Int($0) }.flatMap { code in all.first { $0.codes.contains(code) } }
    }

    func outcome(_ failure: ProviderFailure, retryAfter: Duration?) -> SendOutcome {
        let reason = Reason(
            code: failure.code,
            detail: failure.words,
            french: french,
            english: english
        )
        switch action {
        case .pauseChannel: return .pauseChannel(reason)
        case .pauseTemplate: return .pauseTemplate(reason)
        case .useTemplate: return .useTemplate(reason)
        case .undeliverable: return .giveUp(reason, consequence: .undeliverable)
        case .optOut: return .giveUp(reason, consequence: .optedOut)
        case .giveUp: return .giveUp(reason, consequence: .none)
        case .retryMessage:
            let retry = Retry(.message, after: .seconds(5), attemptLimit: 3, reason)
            return .retry(retry.waiting(asLongAs: retryAfter))
        case .retryTomorrow:
            let day = Duration.seconds(24 * 3600)
            return .retry(Retry(.message, after: day, factor: 1, attemptLimit: 2, reason))
        case .slowDown:
            let retry = Retry(.channel, after: .seconds(2), reason)
            return .retry(retry.waiting(asLongAs: retryAfter))
        }
    }
}
