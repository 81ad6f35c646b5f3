import Glibc
import Measurement
import Work

extension Case {
    /// Whether a channel's limit is kept, and used, by however many senders.
    static func pacing(_ servers: Servers) -> Case {
        let celery = servers.celerySender
        return Case(
            name: "pacing",
            summary: "a campaign at 80 messages a second, through four processes of send-batch",
            unit: "s",
            direction: .lowerIsBetter,
            budget: Budget(ratios: ["limit": 0.99]),
            contenders: [
                Contender("ours", .ours) { plan throws(Failure) in
                    let arrivals = try servers.sendBatch.arrivals(
                        of: plan.recipients,
                        in: servers.relais(),
                        pacing: RateLimit(perSecond, per: .seconds(1)),
                        senders: senders
                    )
                    say("  ours: \(arrivals.excess(overInterval: interval)) over")
                    return arrivals.seconds
                },
                Contender("ours_unthrottled", .variant) { plan throws(Failure) in
                    try servers.sendBatch.arrivals(
                        of: plan.recipients,
                        in: servers.relais(),
                        senders: senders
                    ).seconds
                },
                Contender("limit", .peer) { plan throws(Failure) in theory(plan) },
                Contender("celery", .installedPeer, install: celery.celery.install) {
                    plan throws(Failure) in
                    let arrivals = try celery.arrivals(
                        of: plan.recipients,
                        on: servers.postgres(),
                        perSecond: perSecond,
                        within: .seconds(60 + 3 * theory(plan))
                    )
                    say("  celery: \(arrivals.excess(overInterval: interval)) over")
                    return arrivals.seconds
                },
            ]
        )
    }

    private static let perSecond = 80
    private static let interval = 1 / Double(perSecond)
    private static let senders = 4

    /// From the first message to the last, when the limit is used to the full.
    private static func theory(_ plan: Plan) -> Double {
        Double(plan.recipients - 1) * interval
    }
}

extension Plan {
    /// As many as `BENCH_RECIPIENTS` says.
    fileprivate var recipients: Int {
        if isSmoke { return 60 }
        let wanted = unsafe getenv("BENCH_RECIPIENTS").flatMap { unsafe Int(String(cString: $0)) }
        return max(2, wanted ?? 2500)
    }
}
