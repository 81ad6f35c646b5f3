import Measurement

// What a platform costs when its functions are already running.

extension Case {
    static func runnerWarm(_ servers: Servers) -> Case {
        let line = [servers.lineEcho]
        return Case(
            name: "runner-warm",
            summary: "POST of 512 bytes through local-runner to a function that echoes",
            unit: "requests/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["bare-c": 0.45, "pipe-c": 0.95]),
            contenders: [
                .rate("ours", .ours, servers, servers.echo("line-echo", line, batch: 32)),
                .rate("ours_swift_echo", .variant, servers, servers.echo("echo", nil, batch: 32)),
                .rate("bare-c", .peer, servers, servers.bareC),
                .rate("pipe-c", .peer, servers, servers.pipeC),
                .rate("node", .installedPeer, servers, servers.node),
                .rate("fcgiwrap", .installedPeer, servers, servers.fcgiwrap),
            ]
        )
    }

    static func runnerWarmSingle(_ servers: Servers) -> Case {
        let line = [servers.lineEcho]
        return Case(
            name: "runner-warm-single",
            summary: "`runner-warm` without batches: an instance takes one request at a time",
            unit: "requests/s",
            direction: .higherIsBetter,
            budget: Budget(ratios: ["bare-c": 0.35, "pipe-c": 0.8]),
            contenders: [
                .rate("ours", .ours, servers, servers.echo("line-echo", line, batch: 1)),
                .rate("bare-c", .peer, servers, servers.bareC),
                .rate("pipe-c", .peer, servers, servers.pipeC),
            ]
        )
    }
}

extension Servers {
    fileprivate func echo(_ name: String, _ command: [String]?, batch: Int) -> Start? {
        localRunner(LocalRunner.Function(name: name, command: command, batch: batch))
    }
}

extension Contender {
    fileprivate static func rate(
        _ name: String,
        _ role: Role,
        _ servers: Servers,
        _ start: Servers.Start?
    ) -> Contender {
        guard let start else { return Contender(name, role, sample: nil) }
        return Contender(name, role) { plan throws(Failure) in
            try servers.load.rate(of: try start(), plan)
        }
    }
}
