@testable import LocalRunner

extension PoolScenario {
    static let ending: [PoolScenario] = [
        PoolScenario(
            "too slow: failed and asked to end, then made to",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "999 tick",
                "1000 tick → fail 1 timedOut, terminate 1",
                "2999 tick",
                "3000 tick → kill 1",
                "9000 tick",
                "9000 exited 1",
            ]
        ),
        PoolScenario(
            "an instance that timed out gives its place to the next call",
            .sample { ($0.max, $0.queueTime) = (1, 5_000) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2",
                "1000 tick → fail 1 timedOut, terminate 1, start 2, send 2 to 2",
                "1001 replied 1",
                "1002 exited 1",
                "1003 replied 2",
            ]
        ),
        PoolScenario(
            "instances on their way out are no more than those that live",
            .sample { ($0.max, $0.queueTime) = (1, 5_000) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1000 tick → fail 1 timedOut, terminate 1",
                "1000 arrived 2 → start 2, send 2 to 2",
                "2000 tick → fail 2 timedOut, terminate 2",
                "2000 arrived 3",
                "2500 exited 1 → start 3, send 3 to 3",
            ]
        ),
        PoolScenario(
            "replaced after so many events, stopped gently",
            .sample { ($0.max, $0.recycleAfter) = (1, 2) },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1 replied 1",
                "1 arrived 2 → send 2 to 1",
                "1 arrived 3",
                "2 replied 1 → stop 1, start 2, send 3 to 2",
                "3 exited 1",
            ]
        ),
        PoolScenario(
            "an instance that does not end by itself is terminated, then killed",
            .sample { $0.recycleAfter = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1 replied 1 → stop 1",
                "2000 tick",
                "2001 tick → terminate 1",
                "4001 tick → kill 1",
                "4002 exited 1",
            ]
        ),
        PoolScenario(
            "worn out: replaced after its reply",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1 wornOut 1",
                "2 replied 1 → stop 1",
                "2 arrived 2 → start 2, send 2 to 2",
                "3 exited 1",
            ]
        ),
        PoolScenario(
            "worn out while idle: stopped at once",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1 replied 1",
                "2 wornOut 1 → stop 1",
                "3 arrived 2 → start 2, send 2 to 2",
            ]
        ),
        PoolScenario(
            "what is no reply ends the instance, busy or idle",
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "1 replied 1",
                "2 misbehaved 1 → terminate 1",
                "3 replied 2",
                "4 misbehaved 2 → terminate 2",
                "4 misbehaved 2",
                "5 arrived 3 → start 3, send 3 to 3",
                "6 exited 1",
                "6 exited 2",
            ]
        ),
        PoolScenario(
            "idle for long: stopped, but never below prewarmed",
            .sample { ($0.max, $0.prewarmed) = (3, 1) },
            [
                "0 tick → start 1",
                "0 arrived 1 → send 1 to 1",
                "0 arrived 2 → start 2, send 2 to 2",
                "0 arrived 3 → start 3, send 3 to 3",
                "1 replied 1",
                "1 replied 2",
                "1 replied 3",
                "10000 tick",
                "10001 tick → stop 1, stop 2",
                "10002 exited 1",
                "10002 exited 2",
                "90000 tick",
            ]
        ),
        PoolScenario(
            "one process per event",
            .sample { $0.recycleAfter = 1 },
            [
                "0 arrived 1 → start 1, send 1 to 1",
                "1 replied 1 → stop 1",
                "1 exited 1",
                "2 arrived 2 → start 2, send 2 to 2",
                "3 exited 2 → fail 2 died",
            ]
        ),
        PoolScenario(
            "a call that is gone already is cancelled without harm",
            ["0 cancelled 7", "0 tick"]
        ),
    ]
}
