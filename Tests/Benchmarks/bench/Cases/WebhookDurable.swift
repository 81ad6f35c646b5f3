import Measurement

extension Case {
    /// What it costs to have a webhook proved and committed before its provider is answered.
    static func webhookDurable(_ servers: Servers) -> Case {
        let fastAPI = servers.fastAPI
        return Case(
            name: "webhook-durable",
            summary: "signed webhooks of Meta through local-runner: proved, committed, answered",
            unit: "webhooks/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["fastapi": 4, "pgbench": 1.5]),
            contenders: [
                Contender("ours", .ours) { plan throws(Failure) in
                    let relais = try servers.relais()
                    let tenant = try Tenant(in: relais)
                    let server = try servers.platform(["inbound-webhook"], for: tenant)
                    return try servers.load.rate("ours", keeping: tenant, server, plan)
                },
                Contender("fastapi", .installedPeer, install: fastAPI.install) {
                    plan throws(Failure) in
                    let relais = try servers.relais()
                    let tenant = try Tenant(in: relais)
                    let server = try fastAPI.serve(tenant, in: relais.postgres)
                    return try servers.load.rate("fastapi", keeping: tenant, server, plan)
                },
                Contender("pgbench", .installedPeer) { plan throws(Failure) in
                    let relais = try servers.relais()
                    return try RawSQL().keepRate(
                        of: Tenant(in: relais),
                        bodyBytes: Webhooks(1, secret: Tenant.webhookSecret).bodyBytes,
                        on: relais.postgres,
                        clients: 8,
                        seconds: plan.seconds
                    )
                },
            ]
        )
    }
}

extension Load {
    /// Webhooks in a second that were answered, each of them in the table.
    fileprivate func rate(
        _ name: String,
        keeping tenant: Tenant,
        _ server: borrowing Server,
        _ plan: Plan
    ) throws(Failure) -> Double {
        let webhooks = try Webhooks(plan.isSmoke ? 500 : 30_000, secret: Tenant.webhookSecret)
        let result = try deliver(webhooks, to: server, plan)
        let kept = try tenant.keptWebhooks()
        guard kept >= result.answers else {
            throw Failure("\(result.answers) webhooks were answered, \(kept) are kept")
        }
        let slow = Int(result.slowMicroseconds / 1000)
        let slowest = Int(result.slowestMicroseconds / 1000)
        say("  \(name): 99 % answered within \(slow) ms, all within \(slowest) ms")
        return result.perSecond
    }
}
