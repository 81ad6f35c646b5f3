@testable import LocalRunner

extension PoolScenario {
    /// An instance that may have several calls in hand gets them together.
    static let batches: [PoolScenario] = [
        PoolScenario(
            "whoever waits goes together, up to the batch",
            .sample { ($0.max, $0.batch, $0.queueLimit) = (1, 3, 9) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "0 arrived 4",
                "0 arrived 5",
                "1 replied 1 → send 2+3+4 to 1",
                "2 replied 1",
                "2 arrived 6",
                "3 replied 1",
                "4 replied 1 → send 5+6 to 1",
                "5 replied 1",
                "6 replied 1",
                "7 arrived 7 → send 7 to 1",
            ]
        ),
        PoolScenario(
            "what goes together fits into the pipe; what never does goes alone",
            .sample { ($0.max, $0.batch, $0.queueLimit) = (1, 9, 9) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 100000",
                "0 arrived 3 100000",
                "0 arrived 4 100000",
                "0 arrived 5 6000000",
                "0 arrived 6 10",
                "1 replied 1 → send 2+3 to 1",
                "2 replied 1",
                "2 replied 1 → send 4 to 1",
                "3 replied 1 → send 5 to 1",
                "4 replied 1 → send 6 to 1",
            ]
        ),
        PoolScenario(
            "nobody waits for company, and nothing joins what is in hand",
            .sample { $0.batch = 3 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "0 arrived 3",
                "1 replied 2 → send 3 to 2",
                "1 arrived 4",
                "2 replied 1 → send 4 to 1",
            ]
        ),
        PoolScenario(
            "an instance that dies takes what it has in hand along, and no more",
            .sample { ($0.max, $0.batch, $0.queueLimit) = (1, 3, 9) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "0 arrived 4",
                "0 arrived 5",
                "1 replied 1 → send 2+3+4 to 1",
                "2 replied 1",
                "3 exited 1 → fail 3 died, fail 4 died, start 2, send 5 to 2",
            ]
        ),
        PoolScenario(
            "the time is for all that is in hand",
            .sample { ($0.max, $0.batch, $0.queueTime) = (1, 3, 5_000) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "500 replied 1 → send 2+3 to 1",
                "1400 replied 1",
                "1400 arrived 4",
                "1500 tick → fail 3 timedOut, terminate 1, start 2, send 4 to 2",
                "1501 replied 1",
                "1502 exited 1",
            ]
        ),
        PoolScenario(
            "worn out: replaced after the last of its replies",
            .sample { ($0.max, $0.batch) = (1, 2) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "1 replied 1 → send 2+3 to 1",
                "2 wornOut 1",
                "2 arrived 4",
                "3 replied 1",
                "4 replied 1 → stop 1, start 2, send 4 to 2",
            ]
        ),
        PoolScenario(
            "no more than it still lives for",
            .sample { ($0.max, $0.batch, $0.recycleAfter, $0.queueLimit) = (1, 5, 3, 9) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "0 arrived 4",
                "0 arrived 5",
                "1 replied 1 → send 2+3 to 1",
                "2 replied 1",
                "3 replied 1 → stop 1, start 2, send 4+5 to 2",
            ]
        ),
        PoolScenario(
            "what is no reply ends all that is in hand, which its reader answers for",
            .sample { ($0.max, $0.batch) = (1, 2) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "1 replied 1 → send 2+3 to 1",
                "2 misbehaved 1 → terminate 1",
                "3 exited 1",
            ]
        ),
        PoolScenario(
            "draining: finishes what is in hand and what waits",
            .sample { ($0.max, $0.batch) = (1, 2) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "0 arrived 3",
                "1 drain",
                "2 replied 1 → send 2+3 to 1",
                "3 replied 1",
                "4 replied 1 → stop 1",
            ]
        ),
    ]
}
