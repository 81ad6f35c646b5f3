import Measurement

extension Case {
    /// What it costs to set up a database, checksums and history included.
    static func migrate(_ servers: Servers) -> Case {
        Case(
            name: "migrate",
            summary: "all migrations on an empty database; the peer is psql with the same files",
            unit: "ms",
            direction: .lowerIsBetter,
            budget: Budget(ratios: ["raw-sql": 0.5]),
            contenders: [
                Contender("ours", .ours) { _ throws(Failure) in
                    try servers.migrationTime() / .milliseconds(1)
                },
                Contender("raw-sql", .installedPeer) { _ throws(Failure) in
                    try RawSQL().migrationTime(on: servers.postgres()) / .milliseconds(1)
                },
            ]
        )
    }
}
