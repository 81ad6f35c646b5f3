import FunctionContract
import Providers

/// The whole configuration of the simulator's behaviour.
struct Scenario: Equatable, Sendable {
    var rules = Rules()
    /// Rules for single people, by number: the general rules with changes.
    var people: [String: Rules] = [:]
    var rates = Rates()
    var templates = TemplateRules()
    var retries = RetryRules()
    var accounts: [Account] = []
    /// The signing key of accounts without a secret of their own.
    var secret = Scenario.defaultSecret
    /// The fixed answer of the language model; nil answers with a passage of the question.
    var completion: String?

    /// Long enough for every signature scheme.
    static let defaultSecret = "provider-simulator-webhook-secret"

    func rules(for recipient: String) -> Rules { people[recipient] ?? rules }

    /// The account with that id, or a default one when the scenario has none.
    func account(_ provider: Provider, _ id: String) -> Account {
        accounts.first { $0.provider == provider && $0.id == id }
            ?? Account(provider, id, secret: secret)
    }
}

/// The rate limits of an account.
struct Rates: Equatable, Sendable {
    var account: RateLimiter.Rate?
    /// The limit for one recipient.
    var pair: RateLimiter.Rate?
}

/// The review of templates, and when one is required.
struct TemplateRules: Equatable, Sendable {
    /// The time from the creation to the end of the review.
    var review = Delay.fixed(0)
    var rejectShare = 0.0
    /// Whether a send needs a template that was created and approved here.
    var isStrict = false
    /// Whether a message without a template needs an answer of the recipient within 24 hours.
    var enforcesWindow = false
}

/// How failed webhooks are repeated.
struct RetryRules: Equatable, Sendable {
    var attempts = 10
    var firstMilliseconds = 500
    var factor = 2.0
    var longestMilliseconds = 60_000
    var timeoutMilliseconds = 10_000
    /// The most webhooks in progress at once.
    var connections = 64

    /// The milliseconds to wait after the given number of attempts; nil gives up.
    func wait(after attempts: Int) -> Int? {
        guard attempts < self.attempts else { return nil }
        var wait = Double(firstMilliseconds)
        for _ in 1..<max(1, attempts) where wait < Double(longestMilliseconds) { wait *= factor }
        return Int(min(wait, Double(longestMilliseconds)))
    }
}

/// A fault of a scenario, with its place.
struct ScenarioError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
