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
        func echo(_ name: String, _ command: [String]?, batch: Int) -> Servers.Start? {
            servers.localRunner(LocalRunner.Function(name: name, command: command, batch: batch))
        }
        let line = [servers.lineEcho]
        return Case(
            name: "runner-warm",
            summary: "POST of 512 bytes through local-runner to a function that echoes",
            unit: "requests/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: [
                "of-watchdog": 15, "of-watchdog-http": 2, "bare-c": 0.3, "pipe-c": 0.6,
            ]),
            contenders: [
                rate("ours", .ours, echo("line-echo", line, batch: 32)),
                rate("ours_single", .variant, echo("line-echo", line, batch: 1)),
                rate("ours_swift_echo", .variant, echo("echo", nil, batch: 32)),
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
