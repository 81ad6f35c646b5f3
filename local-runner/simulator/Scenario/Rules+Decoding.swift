import FunctionContract

extension Rules {
    static let known = ["latency", "errors", "lost", "receipts", "replies", "disorder", "absent"]

    mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        try fields.delay("latency", &latency)
        try fields.share("absent", &absentShare)
        if let list = try fields.list("errors") { errors = try ErrorRule.decode(list) }
        try lost.apply(fields)
        try receipts.apply(fields)
        try replies.apply(fields)
        try disorder.apply(fields)
    }

    /// The share of sends that are not accepted.
    var unacceptedShare: Double {
        errors.map(\.share).reduce(lost.resetShare + lost.silenceShare + lost.gatewayShare, +)
    }
}

extension ErrorRule {
    fileprivate static func decode(
        _ list: [(json: JSON, place: String)]
    ) throws(ScenarioError) -> [ErrorRule] {
        var rules: [ErrorRule] = []
        for (json, place) in list { rules.append(try ErrorRule(json, at: place)) }
        return rules
    }

    private init(_ json: JSON, at place: String) throws(ScenarioError) {
        let known = ["share", "code", "status", "retryAfter", "message"]
        let fields = try ScenarioFields(json, at: place, known: known)
        self.init(share: 1)
        try fields.share("share", &share)
        code = try fields.integer("code", 0...9_999_999)
        status = try fields.integer("status", 400...599)
        retryAfterSeconds = try fields.integer("retryAfter", 0...86_400)
        message = try fields.string("message")
    }
}

extension Lost {
    fileprivate mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["lost"] else { return }
        let known = ["reset", "silence", "gateway", "taken"]
        let fields = try ScenarioFields(json, at: fields.path("lost"), known: known)
        try fields.share("reset", &resetShare)
        try fields.share("silence", &silenceShare)
        try fields.share("gateway", &gatewayShare)
        try fields.share("taken", &takenShare)
    }
}

extension Receipts {
    fileprivate mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["receipts"] else { return }
        let known = ["sent", "delivered", "read", "deliveredShare", "readShare", "failures"]
        let fields = try ScenarioFields(json, at: fields.path("receipts"), known: known)
        try fields.delay("sent", &sent)
        try fields.delay("delivered", &delivered)
        try fields.delay("read", &read)
        try fields.share("deliveredShare", &deliveredShare)
        try fields.share("readShare", &readShare)
        if let list = try fields.list("failures") { failures = try ErrorRule.decode(list) }
    }
}

extension Replies {
    fileprivate mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["replies"] else { return }
        let known = [
            "share", "delay", "texts", "stopShare", "stopWords", "buttonShare", "reactionShare",
            "limit",
        ]
        let fields = try ScenarioFields(json, at: fields.path("replies"), known: known)
        try fields.share("share", &share)
        try fields.delay("delay", &delay)
        try fields.strings("texts", &texts)
        try fields.share("stopShare", &stopShare)
        try fields.strings("stopWords", &stopWords)
        try fields.share("buttonShare", &buttonShare)
        try fields.share("reactionShare", &reactionShare)
        try fields.integer("limit", 0...1_000_000, &limitPerPerson)
    }
}

extension Disorder {
    fileprivate mutating func apply(_ fields: ScenarioFields) throws(ScenarioError) {
        guard let json = fields["disorder"] else { return }
        let known = ["duplicateShare", "duplicateDelay", "outOfOrderShare", "beforeReplyShare"]
        let fields = try ScenarioFields(json, at: fields.path("disorder"), known: known)
        try fields.share("duplicateShare", &duplicateShare)
        try fields.delay("duplicateDelay", &duplicateDelay)
        try fields.share("outOfOrderShare", &outOfOrderShare)
        try fields.share("beforeReplyShare", &beforeReplyShare)
    }
}
