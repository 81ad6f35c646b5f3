import Measurement

extension Case {
    /// What the first call of each function costs: a process starts, connects and answers.
    static func cold(_ servers: Servers) -> Case {
        let functions = ColdFunction.Name.allCases
        return Case(
            name: "cold",
            summary:
                "fork to reply of a product function, database warm; ours is the slowest of them",
            unit: "ms",
            direction: .lowerIsBetter,
            budget: Budget(limit: 10),
            contenders: [
                Contender("ours", .ours) { plan throws(Failure) in
                    let relais = try servers.relais()
                    let tenant = try Tenant(in: relais)
                    var slowest = 0.0
                    for name in functions {
                        let function = try servers.cold(name, of: tenant)
                        slowest = max(slowest, try function.milliseconds(plan))
                    }
                    return slowest
                }
            ]
                + functions.map { name in
                    Contender(name.rawValue, .variant) { plan throws(Failure) in
                        let relais = try servers.relais()
                        let tenant = try Tenant(in: relais)
                        return try servers.cold(name, of: tenant).milliseconds(plan)
                    }
                }
                + [
                    Contender("psql", .peer) { plan throws(Failure) in
                        let relais = try servers.relais()
                        let query = relais.postgres.client("psql", ["-XAtc", "SELECT 1"])
                        return try ColdStart(query).milliseconds(plan)
                    }
                ]
        )
    }
}

extension Servers {
    fileprivate func cold(
        _ name: ColdFunction.Name,
        of tenant: Tenant
    ) throws(Failure) -> ColdFunction {
        try ColdFunction(name, in: installation.products, of: tenant)
    }
}
