import Measurement

// What work costs on a platform with a past: 500 workspaces, 200 channels, 2,000 campaigns,
// 1 million contacts, 5 million old messages and 100,000 receipts of strangers.

extension Case {
    static func manyTenantsTimers(_ past: PopulatedDatabase) -> Case {
        let timers = ColdFunction.Name.timers.map(\.rawValue) + ["look"]
        let latest = Latest()
        return Case(
            name: "many-tenants-timers",
            summary: "fork to reply of a timer when little is due; ours is the slowest of them",
            unit: "ms",
            direction: .lowerIsBetter,
            budget: Budget(limit: 150),
            contenders: latest.contenders(timers) { plan throws(Failure) in
                try past.timerMilliseconds(plan)
            }
        )
    }

    static func manyTenantsClaim(_ past: PopulatedDatabase) -> Case {
        Case(
            name: "many-tenants-claim",
            summary: "the 99th percentile of claims of ten messages, each with its commit",
            unit: "ms",
            direction: .lowerIsBetter,
            budget: Budget(limit: 10),
            contenders: [
                Contender("ours", .ours) { plan throws(Failure) in
                    try past.slowClaimMilliseconds(plan)
                }
            ]
        )
    }

    static func manyTenantsSend(_ servers: Servers, _ past: PopulatedDatabase) -> Case {
        Case(
            name: "many-tenants-send",
            summary: "the campaign of `send` in that database; the peer is an empty database",
            unit: "messages/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["empty": 0.8]),
            contenders: [
                Contender("ours", .ours) { plan throws(Failure) in
                    try past.sendRate(of: plan.campaign, plan)
                },
                Contender("empty", .peer) { plan throws(Failure) in
                    try servers.sendBatch.arrivals(
                        of: plan.campaign,
                        in: servers.relais(),
                        senders: 2
                    ).perSecond
                },
            ]
        )
    }
}
