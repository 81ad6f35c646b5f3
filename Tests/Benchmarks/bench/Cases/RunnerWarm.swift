import Measurement

extension Case {
    /// What a platform costs when its functions are already running.
    static func runnerWarm(_ servers: Servers) -> Case {
        func rate(_ name: String, _ role: Contender.Role, _ start: Servers.Start?) -> Contender {
            guard let start else { return Contender(name, role, sample: nil) }
            return Contender(name, role) { plan throws(Failure) in
                try servers.load.rate(of: try start(), plan)
            }
        }
        let lineEcho = LocalRunner.Function(name: "line-echo", command: [servers.lineEcho])
        let batched = LocalRunner.Function(
            name: "line-echo",
            command: [servers.lineEcho],
            batch: 32
        )
        let swiftEcho = LocalRunner.Function(name: "echo")
        return Case(
            name: "runner-warm",
            summary: "POST of 512 bytes through local-runner to a function that echoes",
            unit: "requests/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: [
                "of-watchdog": 15, "of-watchdog-http": 2, "bare-c": 0.3, "pipe-c": 0.6,
            ]),
            contenders: [
                rate("ours", .ours, servers.localRunner(lineEcho)),
                rate("ours_batches", .variant, servers.localRunner(batched)),
                rate("ours_swift_echo", .variant, servers.localRunner(swiftEcho)),
                rate("bare-c", .peer, servers.bareC),
                rate("pipe-c", .peer, servers.pipeC),
                rate("node", .installedPeer, servers.node),
                rate("fcgiwrap", .installedPeer, servers.fcgiwrap),
                rate("of-watchdog", .installedPeer, servers.ofWatchdogForking),
                rate("of-watchdog-http", .installedPeer, servers.ofWatchdogProxying),
            ]
        )
    }
}
