/// How to react to an error code of the Cloud API. Meta asks clients to decide by the code alone.
/// The codes are the same in replies and webhooks.
struct MetaErrorPolicy {
    /// The object of the error.
    enum Subject: String {
        case account, app, call, flow, inbound, message, number, pair, recipient, template, waba
    }

    /// The reaction, named as in the published table.
    enum Action: String {
        case refreshToken = "pause_account_refresh_token"
        case restorePermission = "pause_account_permission"
        case pauseForPolicy = "pause_account_policy"
        case pauseForPayment = "pause_account_payment"
        case pauseNumber = "pause_number"
        case pauseNumberForSpam = "pause_number_spam"
        case retryFewTimes = "retry_backoff_few"
        case retry = "retry_backoff"
        case retrySlowly = "retry_backoff_slow"
        case slowDown = "retry_backoff_slow_down"
        case retryPair = "retry_pair_4powX"
        case retryAfterFiveMinutes = "retry_after_5min"
        case retryAfterOneHour = "retry_after_1h"
        case deferOneDay = "defer_24h_or_skip"
        case useTemplate = "switch_to_template"
        case pauseTemplate = "pause_template"
        case disableTemplate = "disable_template"
        case templateMissing = "fail_permanent_template_missing"
        case templatePolicy = "fail_permanent_template_policy"
        case templateParameters = "fail_permanent_template_params"
        case fail = "fail_permanent"
        case failUnblock = "fail_permanent_unblock"
        case failForCountry = "fail_permanent_country"
        case failForSettings = "fail_permanent_config"
        case failForMedia = "fail_permanent_media"
        case markUndeliverable = "fail_permanent_mark_undeliverable"
        case optOut = "fail_permanent_opt_out"
        case mediaUnavailable = "media_unavailable"
        case waitAsTold = "wait_details"
        case waitWithoutRetry = "wait_no_retry"
    }

    let codes: ClosedRange<Int>
    let subject: Subject
    let action: Action
    let french: String
    let english: String

    init(
        _ code: Int,
        through last: Int? = nil,
        _ subject: Subject,
        _ action: Action,
        french: String,
        english: String
    ) {
        codes = code...(last ?? code)
        self.subject = subject
        self.action = action
        self.french = french
        self.english = english
    }

    static let all = access + limits + delivery + numbers + templates

    static func policy(for code: Int) -> MetaErrorPolicy? {
        all.first { $0.codes.contains(code) }
    }
}
