import Measurement

extension Case {
    /// What the first call of each function costs: a process starts, connects and answers.
    static func cold(_ servers: Servers) -> Case {
        let functions = ColdFunction.Name.allCases.map(\.rawValue)
        let psql = Contender("psql", .peer) { plan throws(Failure) in
            let relais = try servers.relais()
            let query = relais.postgres.client("psql", ["-XAtc", "SELECT 1"])
            return try ColdStart(query).milliseconds(plan)
        }
        return Case(
            name: "cold",
            summary:
                "fork to reply of a product function, database warm; ours is the slowest of them",
            unit: "ms",
            direction: .lowerIsBetter,
            budget: Budget(limit: 10),
            contenders: Latest().contenders(functions) { plan throws(Failure) in
                try servers.coldMilliseconds(plan)
            } + [psql]
        )
    }
}

extension Servers {
    /// Each function from its start to its reply, all in one database.
    fileprivate func coldMilliseconds(_ plan: Plan) throws(Failure) -> [String: Double] {
        let relais = try relais()
        let tenant = try Tenant(in: relais)
        var times: [String: Double] = [:]
        for name in ColdFunction.Name.allCases {
            let function = try ColdFunction(name, in: installation.products, of: tenant)
            times[name.rawValue] = try function.milliseconds(plan)
        }
        return times
    }
}
