import Measurement

extension Case {
    /// What an exact rate limit costs when many senders share it.
    static func rateTake(_ servers: Servers) -> Case {
        let takers = 8
        func take(_ name: String, _ role: Contender.Role, tokens: Int) -> Contender {
            Contender(name, role) { plan throws(Failure) in
                let relais = try servers.relais()
                return try relais.take(tokens, takers: takers, seconds: plan.seconds)
            }
        }
        return Case(
            name: "rate-take",
            summary: "takes of 50 tokens from one bucket by 8 takers; the peer updates one row",
            unit: "takes/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["raw-sql": 0.5]),
            contenders: [
                take("ours", .ours, tokens: 50),
                take("ours_single", .variant, tokens: 1),
                Contender("raw-sql", .installedPeer) { plan throws(Failure) in
                    try RawSQL().updateRate(
                        on: servers.postgres(),
                        clients: takers,
                        seconds: plan.seconds
                    )
                },
            ]
        )
    }
}
