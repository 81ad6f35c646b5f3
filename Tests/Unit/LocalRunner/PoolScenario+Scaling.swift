@testable import LocalRunner

extension PoolScenario {
    static let scaling: [PoolScenario] = [
        PoolScenario(
            "starts from zero",
            ["0 arrived 1 → start 1, send 1 to 1"]
        ),
        PoolScenario(
            "uses the instance that was busy last",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "1 replied 2",
                "2 replied 1",
                "3 arrived 3 → send 3 to 1",
                "3 arrived 4 → send 4 to 2",
            ]
        ),
        PoolScenario(
            "scales to max, then calls wait in line",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "0 arrived 3",
                "0 arrived 4",
                "5 replied 2 → send 3 to 2",
                "6 replied 1 → send 4 to 1",
                "7 replied 1",
                "7 replied 2",
            ]
        ),
        PoolScenario(
            "refuses what the line cannot hold",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "0 arrived 3",
                "0 arrived 4",
                "0 arrived 5 → refuse 5 queueFull",
                "1 replied 1 → send 3 to 1",
                "1 arrived 6",
                "1 arrived 7 → refuse 7 queueFull",
            ]
        ),
        PoolScenario(
            "refuses what would make the line too long, but never a call alone",
            .sample { ($0.queueLimit, $0.max) = (9, 1) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 20000000",
                "0 arrived 3 1 → refuse 3 queueFull",
                "1 replied 1 → send 2 to 1",
                "1 arrived 4 16777000",
                "1 arrived 5 216",
                "1 arrived 6 1 → refuse 6 queueFull",
                "2 cancelled 4",
                "2 arrived 7 16777000",
            ]
        ),
        PoolScenario(
            "without a line refuses at once",
            .sample { ($0.queueLimit, $0.max) = (0, 1) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 → refuse 2 queueFull",
                "1 replied 1",
                "1 arrived 3 → send 3 to 1",
            ]
        ),
        PoolScenario(
            "a call waits so long and no longer, in order",
            .sample { $0.max = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "200 arrived 3",
                "499 tick",
                "500 tick → refuse 2 waitedTooLong",
                "699 tick",
                "700 tick → refuse 3 waitedTooLong",
                "800 replied 1",
            ]
        ),
        PoolScenario(
            "a caller who leaves gives up the place in line",
            .sample { $0.max = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "1 cancelled 2",
                "1 arrived 4",
                "2 replied 1 → send 3 to 1",
            ]
        ),
        PoolScenario(
            "a caller who leaves does not disturb the instance at work",
            .sample { $0.max = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1 cancelled 1",
                "1 arrived 2",
                "2 replied 1 → send 2 to 1",
            ]
        ),
        PoolScenario(
            "keeps prewarmed instances ready",
            .sample { ($0.max, $0.prewarmed) = (3, 2) },
            [
                "0 tick → start 1, start 2",
                "1 arrived 1 → send 1 to 2",
                "1 arrived 2 → send 2 to 1",
                "1 arrived 3 → start 3, send 3 to 3",
                "2 exited 1 → fail 2 died",
                "3 tick",
                "4 exited 2 → fail 1 died",
                "4 tick",
                "104 tick → start 4",
            ]
        ),
    ]
}
