extension Scenario {
    /// The named scenarios.
    static let presets: [(name: String, summary: String, scenario: Scenario)] = [
        ("demo", "an ordinary day: short delays, most people read, some answer", demo),
        ("perfect", "everything succeeds at once and nobody answers", Scenario()),
        ("rough", "a bad day: errors, lost answers, webhooks twice and out of order", rough),
    ]

    static func preset(_ name: String) -> Scenario? {
        presets.first { $0.name == name }?.scenario
    }

    private static let demo: Scenario = {
        var demo = Scenario()
        demo.rules.latency = .lognormal(median: 60, sigma: 0.4, limit: 2_000)
        demo.rules.receipts = Receipts(
            sent: .lognormal(median: 150, sigma: 0.5, limit: 5_000),
            delivered: .lognormal(median: 700, sigma: 0.8, limit: 20_000),
            read: .lognormal(median: 4_000, sigma: 0.8, limit: 60_000),
            deliveredShare: 0.97,
            readShare: 0.65
        )
        demo.rules.replies.share = 0.3
        demo.rules.replies.delay = .lognormal(median: 8_000, sigma: 0.6, limit: 60_000)
        demo.rules.replies.stopShare = 0.04
        demo.rules.replies.reactionShare = 0.1
        demo.rules.absentShare = 0.02
        demo.templates.review = .fixed(3_000)
        return demo
    }()

    private static let rough: Scenario = {
        var rough = demo
        rough.rules.latency = .lognormal(median: 120, sigma: 1, limit: 20_000)
        rough.rules.errors = [
            ErrorRule(share: 0.02, code: 131_000, status: 500),
            ErrorRule(share: 0.02, code: 130_429, status: 429, retryAfterSeconds: 1),
            ErrorRule(share: 0.01, code: 131_016, status: 503),
        ]
        rough.rules.lost = Lost(
            resetShare: 0.02,
            silenceShare: 0.01,
            gatewayShare: 0.01,
            takenShare: 0.5
        )
        rough.rules.receipts.failures = [ErrorRule(share: 0.02, code: 130_472)]
        rough.rules.disorder = Disorder(
            duplicateShare: 0.1,
            duplicateDelay: .uniform(0...2_000),
            outOfOrderShare: 0.1,
            beforeReplyShare: 0.05
        )
        rough.templates.rejectShare = 0.2
        return rough
    }()
}
