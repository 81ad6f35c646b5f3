import Measurement

extension Case {
    /// What a queue costs when the work itself is nothing.
    static func tasks(_ servers: Servers) -> Case {
        Case(
            name: "tasks",
            summary: "tasks that do nothing, from the first claim to the last finish, two workers",
            unit: "tasks/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["celery": 40, "procrastinate": 40], limit: 40_000),
            contenders: [
                Contender("ours", .ours) { plan throws(Failure) in
                    let relais = try servers.relais()
                    try relais.enqueue(plan.tasks)
                    return try relais.drain(plan.tasks)
                },
                Contender("ours_enqueue", .variant) { plan throws(Failure) in
                    try servers.relais().enqueue(plan.tasks)
                },
                .celery(servers),
                .procrastinate(servers),
            ]
        )
    }
}

extension Plan {
    /// How many tasks are claimed and finished.
    var tasks: Int { isSmoke ? 500 : 20_000 }
    /// Enough for a contender that needs a millisecond or more for each.
    fileprivate var fewerTasks: Int { tasks / 10 }
}

extension Contender {
    fileprivate static func celery(_ servers: Servers) -> Contender {
        let celery = servers.celery
        return Contender("celery", .installedPeer, install: celery.install) {
            plan throws(Failure) in
            try celery.rate(plan.tasks)
        }
    }

    fileprivate static func procrastinate(_ servers: Servers) -> Contender {
        let procrastinate = servers.procrastinate
        return Contender("procrastinate", .installedPeer, install: procrastinate.install) {
            plan throws(Failure) in
            try procrastinate.rate(plan.fewerTasks, on: servers.postgres())
        }
    }
}
