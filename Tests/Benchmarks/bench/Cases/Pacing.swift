import Glibc
import Measurement
import Work

// A channel's limit: that it is used to the full, and that it is kept, by however many senders.

extension Case {
    static func pacing(_ servers: Servers) -> Case {
        Case(
            name: "pacing",
            summary: "a campaign at 80 messages a second, through four processes of send-batch",
            unit: "s",
            direction: .lowerIsBetter,
            budget: Budget(ratios: ["limit": 0.99]),
            contenders: [
                .paced("ours", .ours, servers) { $0.arrivals.seconds },
                Contender("ours_unthrottled", .variant) { plan throws(Failure) in
                    try servers.sendBatch.arrivals(
                        of: plan.recipients,
                        in: servers.relais(),
                        senders: Limit.senders
                    ).seconds
                },
                Contender("limit", .peer) { plan throws(Failure) in
                    Limit.seconds(of: plan.recipients)
                },
                .pacedCelery(servers) { $0.arrivals.seconds },
            ]
        )
    }

    static func pacingWindows(_ servers: Servers) -> Case {
        Case(
            name: "pacing-windows",
            summary: "by how much the fullest of all windows of time is over the limit of `pacing`",
            unit: "messages",
            direction: .lowerIsBetter,
            budget: Budget(limit: 1),
            contenders: [
                .paced("ours", .ours, servers) { $0.excess },
                .pacedCelery(servers) { $0.excess },
            ]
        )
    }
}

/// What both cases keep: Meta's first limit, without the burst that would hide a mistake.
private enum Limit {
    static let perSecond = 80
    static let senders = 4

    static var rate: RateLimit { RateLimit(perSecond, per: .seconds(1)) }

    /// From the first message to the last.
    static func seconds(of messages: Int) -> Double {
        Double(messages - 1) / Double(perSecond)
    }
}

private struct Paced {
    let arrivals: Arrivals

    /// Never nothing: a clock of microseconds always finds some.
    var excess: Double { max(0.001, arrivals.excess(overInterval: 1 / Double(Limit.perSecond))) }
}

extension Contender {
    fileprivate static func paced(
        _ name: String,
        _ role: Role,
        _ servers: Servers,
        _ value: @escaping (Paced) -> Double
    ) -> Contender {
        Contender(name, role) { plan throws(Failure) in
            let arrivals = try servers.sendBatch.arrivals(
                of: plan.recipients,
                in: servers.relais(),
                pacing: Limit.rate,
                senders: Limit.senders
            )
            return value(Paced(arrivals: arrivals))
        }
    }

    fileprivate static func pacedCelery(
        _ servers: Servers,
        _ value: @escaping (Paced) -> Double
    ) -> Contender {
        let celery = servers.celerySender
        return Contender("celery", .installedPeer, install: celery.celery.install) {
            plan throws(Failure) in
            let arrivals = try celery.arrivals(
                of: plan.recipients,
                on: servers.postgres(),
                perSecond: Limit.perSecond,
                within: .seconds(60 + 3 * Limit.seconds(of: plan.recipients))
            )
            return value(Paced(arrivals: arrivals))
        }
    }
}

extension Plan {
    /// As many as `BENCH_RECIPIENTS` says.
    fileprivate var recipients: Int {
        if isSmoke { return 40 }
        let wanted = unsafe getenv("BENCH_RECIPIENTS").flatMap { unsafe Int(String(cString: $0)) }
        return max(2, wanted ?? 2500)
    }
}
