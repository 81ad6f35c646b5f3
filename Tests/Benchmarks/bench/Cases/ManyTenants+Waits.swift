import Measurement

// What a quiet tenant waits while others flood the platform. `ours` is beside hundreds of tenants;
// the peers are the same tenant alone, and beside one tenant with the same flood.

extension Case {
    static func manyTenantsStop(_ servers: Servers) -> Case {
        .wait(
            "many-tenants-stop",
            "webhook to unsubscribed contact, while 40,000 webhooks of 500 others wait",
            servers,
            Budget(ratios: ["one-flood": 0.5], limit: 500)
        ) { (waits) throws(Failure) in
            try waits.untilStopHolds()
        }
    }

    static func manyTenantsMessage(_ servers: Servers) -> Case {
        .wait(
            "many-tenants-message",
            "webhook of an answer to Message 2 at the provider, while 500 others send 2,000/s",
            servers,
            Budget(limit: 2500)
        ) { (waits) throws(Failure) in
            try waits.untilMessage2()
        }
    }

    static func manyTenantsTask(_ servers: Servers) -> Case {
        .wait(
            "many-tenants-task",
            "enqueued to done, while 40,000 tasks of 2 ms of 500 others wait for two workers",
            servers,
            Budget(limit: 1500)
        ) { (waits) throws(Failure) in
            try waits.untilTaskIsDone()
        }
    }

    private static func wait(
        _ name: String,
        _ summary: String,
        _ servers: Servers,
        _ budget: Budget,
        _ measure: @escaping (Waits) throws(Failure) -> Double
    ) -> Case {
        func contender(
            _ name: String,
            _ role: Contender.Role,
            _ neighbours: Neighbours
        ) -> Contender {
            Contender(name, role) { plan throws(Failure) in
                try measure(Waits(servers: servers, neighbours: neighbours, plan: plan))
            }
        }
        return Case(
            name: name,
            summary: summary,
            unit: "ms",
            direction: .lowerIsBetter,
            budget: budget,
            contenders: [
                contender("ours", .ours, .many),
                contender("one-flood", .peer, .one),
                contender("alone", .peer, .none),
            ]
        )
    }
}
