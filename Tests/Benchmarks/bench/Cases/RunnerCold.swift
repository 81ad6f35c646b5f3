import Measurement

extension Case {
    /// What a platform costs when each request starts a process.
    static func runnerCold(_ servers: Servers) -> Case {
        func time(_ name: String, _ role: Contender.Role, _ start: Servers.Start?) -> Contender {
            guard let start else { return Contender(name, role, sample: nil) }
            return Contender(name, role) { plan throws(Failure) in
                try servers.load.medianMilliseconds(of: try start(), plan)
            }
        }
        let oneShotEcho = LocalRunner.Function(name: "echo", isOneShot: true)
        return Case(
            name: "runner-cold",
            summary: "POST that starts a Swift function, answered when it ends; peers start C",
            unit: "ms",
            direction: .lowerIsBetter,
            budget: Budget(limit: 3),
            contenders: [
                time("ours", .ours, servers.localRunner(oneShotEcho)),
                time("fcgiwrap", .installedPeer, servers.fcgiwrap),
            ]
        )
    }
}
