import Measurement

extension Case {
    /// What a queue costs while somebody's transaction keeps the dead rows of all that went before,
    /// as a backup or a forgotten session does.
    static func tasksPinned(_ servers: Servers) -> Case {
        Case(
            name: "tasks-pinned",
            summary:
                "`tasks` after 50,000 others, while a transaction that only reads is older still",
            unit: "tasks/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["unpinned": 0.7]),
            contenders: [
                Contender("ours", .ours) { plan throws(Failure) in
                    let relais = try servers.relais()
                    return try relais.postgres.whileOthersRead { () throws(Failure) in
                        try relais.rateAfterOthers(plan)
                    }
                },
                Contender("unpinned", .peer) { plan throws(Failure) in
                    try servers.relais().rateAfterOthers(plan)
                },
            ]
        )
    }
}

extension Relais {
    fileprivate func rateAfterOthers(_ plan: Plan) throws(Failure) -> Double {
        let others = plan.isSmoke ? 1000 : 50_000
        try enqueue(others)
        try drain(others)
        try enqueue(plan.tasks)
        return try drain(plan.tasks)
    }
}
