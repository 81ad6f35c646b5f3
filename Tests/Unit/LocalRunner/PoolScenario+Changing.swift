@testable import LocalRunner

extension PoolScenario {
    static let changing: [PoolScenario] = [
        PoolScenario(
            "new code: idle instances go now, busy ones after their reply",
            .sample { $0.prewarmed = 1 },
            [
                "0 tick → start 1",
                "0 arrived 1 → send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "1 replied 2",
                "2 replace → stop 2",
                "3 arrived 3 → start 3, send 3 to 3",
                "4 replied 1 → stop 1",
                "5 replied 3",
                "6 arrived 4 → send 4 to 3",
            ]
        ),
        PoolScenario(
            "new code is warm before it is asked for",
            .sample { $0.prewarmed = 1 },
            [
                "0 tick → start 1",
                "1 replace → stop 1, start 2",
                "2 arrived 1 → send 1 to 2",
            ]
        ),
        PoolScenario(
            "new code does not pay for the crashes of the old",
            .sample { $0.max = 1 },
            twoCrashes + [
                "2 arrived 9",
                "3 tick",
                "4 replace",
                "5 tick → start 3, send 9 to 3",
            ]
        ),
        PoolScenario(
            "draining: refuses new calls, serves those in line, then nothing is left",
            .sample { $0.max = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "1 drain",
                "1 arrived 3 → refuse 3 draining",
                "2 replied 1 → send 2 to 1",
                "3 replied 1 → stop 1",
                "4 exited 1",
                "5 tick",
            ]
        ),
        PoolScenario(
            "draining: idle instances go at once and none is warmed up again",
            .sample { $0.prewarmed = 2 },
            [
                "0 tick → start 1, start 2",
                "1 drain → stop 1, stop 2",
                "2 tick",
                "3 exited 1",
                "3 exited 2",
                "4 tick",
            ]
        ),
        PoolScenario(
            "draining: a crash does not lose those in line",
            .sample { $0.max = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "1 drain",
                "2 exited 1 → fail 1 died, start 2, send 2 to 2",
                "3 replied 2 → stop 2",
                "4 exited 2",
            ]
        ),
        PoolScenario(
            "a crash fails its own call only",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "1 exited 1 → fail 1 died",
                "1 arrived 3 → start 3, send 3 to 3",
                "2 replied 2",
            ]
        ),
        PoolScenario(
            "crash after crash slows the starts down; who waited longest goes first",
            .sample { $0.max = 1 },
            twoCrashes + [
                "1 arrived 8",
                "100 tick",
                "101 arrived 9 → start 3, send 8 to 3",
                "102 exited 3 → fail 8 died",
                "301 tick",
                "302 tick → start 4, send 9 to 4",
            ]
        ),
        PoolScenario(
            "garbage after garbage slows the starts down too",
            .sample { $0.max = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1 misbehaved 1 → terminate 1",
                "1 exited 1",
                "1 arrived 2 → start 2, send 2 to 2",
                "1 misbehaved 2 → terminate 2",
                "1 exited 2",
                "1 arrived 3",
                "100 tick",
                "101 tick → start 3, send 3 to 3",
            ]
        ),
        PoolScenario(
            "a reply ends the back-off",
            .sample { $0.max = 1 },
            twoCrashes + [
                "101 arrived 8 → start 3, send 8 to 3",
                "102 replied 3",
                "103 exited 3",
                "103 arrived 9 → start 4, send 9 to 4",
            ]
        ),
    ]

    /// The first two instances end before they reply; the second crash has to be waited for.
    private static let twoCrashes = [
        "1 arrived 1 → start 1, send 1 to 1",
        "1 exited 1 → fail 1 died",
        "1 arrived 2 → start 2, send 2 to 2",
        "1 exited 2 → fail 2 died",
    ]
}
