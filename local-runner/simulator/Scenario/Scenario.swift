import FunctionContract
import Providers

/// Everything that can be told to the simulator about how to behave.
struct Scenario: Equatable, Sendable {
    var rules = Rules()
    /// Rules for single people, by number: the general ones with changes.
    var people: [String: Rules] = [:]
    var rates = Rates()
    var templates = TemplateRules()
    var retries = RetryRules()
    var accounts: [Account] = []
    /// What signs the webhooks of accounts that have no secret of their own.
    var secret = Scenario.defaultSecret
    /// What the language model answers; nil answers with a passage of the question.
    var completion: String?

    /// Long enough for every scheme that signs.
    static let defaultSecret = "provider-simulator-webhook-secret"

    func rules(for recipient: String) -> Rules { people[recipient] ?? rules }

    /// The account with that id; one is made up when the scenario names none.
    func account(_ provider: Provider, _ id: String) -> Account {
        accounts.first { $0.provider == provider && $0.id == id }
            ?? Account(provider, id, secret: secret)
    }
}

/// How fast an account may send.
struct Rates: Equatable, Sendable {
    var account: RateLimiter.Rate?
    /// To one recipient.
    var pair: RateLimiter.Rate?
}

/// How templates are treated.
struct TemplateRules: Equatable, Sendable {
    /// From the creation to the verdict.
    var review = Delay.fixed(0)
    var rejectShare = 0.0
    /// Whether only templates that were created and approved here can be sent.
    var isStrict = false
    /// Whether anything but a template needs an answer of the recipient within 24 hours.
    var enforcesWindow = false
}

/// How webhooks are repeated that were not taken.
struct RetryRules: Equatable, Sendable {
    var attempts = 10
    var firstMilliseconds = 500
    var factor = 2.0
    var longestMilliseconds = 60_000
    var timeoutMilliseconds = 10_000
    /// How many are under way at once.
    var connections = 64

    /// How long to wait after so many attempts; nil gives up.
    func wait(after attempts: Int) -> Int? {
        guard attempts < self.attempts else { return nil }
        var wait = Double(firstMilliseconds)
        for _ in 1..<max(1, attempts) where wait < Double(longestMilliseconds) { wait *= factor }
        return Int(min(wait, Double(longestMilliseconds)))
    }
}

/// What is wrong with a scenario, and where.
struct ScenarioError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
