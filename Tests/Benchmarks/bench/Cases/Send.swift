import Measurement

extension Case {
    /// What it costs to send a message and to know what became of it, whatever happens.
    static func send(_ servers: Servers) -> Case {
        let celery = servers.celerySender
        return Case(
            name: "send",
            summary: "a campaign through two processes of send-batch, to a provider of 50 ms",
            unit: "messages/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["celery": 25], limit: 6000),
            contenders: [
                .sending("ours", .ours, servers, senders: 2),
                .sending("ours_one_process", .variant, servers, senders: 1),
                Contender("celery", .installedPeer, install: celery.celery.install) {
                    _ throws(Failure) in
                    try celery.arrivals(
                        of: 2000,
                        on: servers.postgres(),
                        within: .seconds(120)
                    ).perSecond
                },
            ]
        )
    }
}

extension Plan {
    /// How many people a campaign writes to.
    var campaign: Int { isSmoke ? 200 : 10_000 }
}

extension Contender {
    fileprivate static func sending(
        _ name: String,
        _ role: Role,
        _ servers: Servers,
        senders: Int
    ) -> Contender {
        Contender(name, role) { plan throws(Failure) in
            try servers.sendBatch.arrivals(
                of: plan.campaign,
                in: servers.relais(),
                senders: senders
            ).perSecond
        }
    }
}
