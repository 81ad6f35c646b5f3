import FunctionContract
import Providers

extension Scenario {
    private static let known =
        Rules.known + ["preset", "people", "rates", "templates", "retries", "accounts", "secret"]
        + ["completion"]

    /// The scenario of a document: a preset with changes. The default preset is `perfect`.
    init(_ json: JSON) throws(ScenarioError) {
        let fields = try ScenarioFields(json, at: "", known: Self.known)
        self.init()
        if let name = try fields.string("preset") {
            guard let preset = Scenario.preset(name) else {
                let names = Scenario.presets.map(\.name).joined(separator: ", ")
                throw ScenarioError("preset: expected one of \(names), found \"\(name)\"")
            }
            self = preset
        }
        try rules.apply(fields)
        // The tolerance allows for rounding: shares are decimal, and their sum is binary. Rules for
        // single people are not checked here, because a share of 1 is common there.
        if rules.unacceptedShare > 1.000_001 {
            throw ScenarioError("errors: the shares, lost ones included, exceed 1")
        }
        try applyPeople(fields)
        try rates.apply(fields)
        try templates.apply(fields)
        try retries.apply(fields)
        try fields.string("secret", &secret)
        completion = try fields.string("completion")
        if let list = try fields.list("accounts") { accounts = try decode(list) }
    }

    private mutating func applyPeople(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["people"] else { return }
        guard let object = json.object else { throw fields.wrong("people", "an object", json) }
        for member in object.members {
            let place = "\(fields.path("people")).\(member.name)"
            var personal = rules
            try personal.apply(ScenarioFields(member.value, at: place, known: Rules.known))
            people[number(member.name)] = personal
        }
    }

    private func decode(
        _ list: [(json: JSON, place: String)]
    ) throws(ScenarioError) -> [Account] {
        var accounts: [Account] = []
        for (json, place) in list {
            accounts.append(try Account(json, at: place, secret: secret))
        }
        return accounts
    }
}

extension Account {
    private static let known = [
        "provider", "id", "business", "phone", "channel", "secret", "addressSecret", "token",
    ]

    init(_ json: JSON, at place: String, secret: String) throws(ScenarioError) {
        let fields = try ScenarioFields(json, at: place, known: Self.known)
        let names = Provider.allCases.map(\.rawValue).joined(separator: ", ")
        guard let provider = try fields.string("provider").flatMap(Provider.init) else {
            throw ScenarioError("\(fields.path("provider")): expected one of \(names)")
        }
        guard let id = try fields.string("id") else {
            throw ScenarioError("\(fields.path("id")): expected the provider's id of the number")
        }
        self.init(provider, id, secret: secret)
        try fields.string("business", &businessID)
        try fields.string("phone", &phone)
        try fields.string("channel", &channel)
        try fields.string("secret", &self.secret)
        addressSecret = try fields.string("addressSecret")
        token = try fields.string("token")
    }
}

extension Rates {
    fileprivate mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["rates"] else { return }
        let fields = try ScenarioFields(
            json,
            at: fields.path("rates"),
            known: ["account", "pair"]
        )
        try Self.apply(fields, "account", &account)
        try Self.apply(fields, "pair", &pair)
    }

    private static func apply(
        _ fields: ScenarioFields,
        _ name: String,
        _ rate: inout RateLimiter.Rate?
    ) throws(ScenarioError) {
        guard let json = fields[name] else { return }
        let inner = try ScenarioFields(json, at: fields.path(name), known: ["perSecond", "burst"])
        var limit = rate ?? RateLimiter.Rate(perSecond: 80, burst: 1)
        try inner.number("perSecond", 0.001...1_000_000, &limit.perSecond)
        try inner.integer("burst", 1...1_000_000, &limit.burst)
        rate = limit
    }
}

extension TemplateRules {
    fileprivate mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["templates"] else { return }
        let known = ["review", "rejectShare", "strict", "window"]
        let fields = try ScenarioFields(json, at: fields.path("templates"), known: known)
        try fields.delay("review", &review)
        try fields.share("rejectShare", &rejectShare)
        try fields.flag("strict", &isStrict)
        try fields.flag("window", &enforcesWindow)
    }
}

extension RetryRules {
    fileprivate mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["retries"] else { return }
        let known = ["attempts", "first", "factor", "longest", "timeout", "connections"]
        let fields = try ScenarioFields(json, at: fields.path("retries"), known: known)
        try fields.integer("attempts", 1...1000, &attempts)
        try fields.integer("first", 1...Delay.longest, &firstMilliseconds)
        try fields.number("factor", 1...100, &factor)
        try fields.integer("longest", 1...Delay.longest, &longestMilliseconds)
        try fields.integer("timeout", 1...Delay.longest, &timeoutMilliseconds)
        try fields.integer("connections", 1...1000, &connections)
    }
}
