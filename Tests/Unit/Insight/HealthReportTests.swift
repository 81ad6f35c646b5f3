import FunctionContract
import Testing

@testable import Insight
@testable import Work

@Suite struct HealthReportTests {
    @Test func anIdlePlatformWithoutADatabaseIsWell() {
        let report = HealthReport(.notConfigured)
        #expect(!report.isDown)
        #expect(
            report.json == [
                "status": "ok", "database": ["status": "not configured"], "complaints": [],
            ]
        )
    }

    @Test func aDatabaseOutOfReachIsDown() {
        let report = HealthReport(.outOfReach("no route"))
        #expect(report.isDown)
        #expect(report.json["status"] == "down")
        #expect(report.json["database"] == ["status": "out of reach"])
        #expect(report.json["complaints"] == ["database: no route"])
    }

    @Test func whatTheDatabaseTellsIsReported() {
        let queue = QueueStatistics(
            queue: "send",
            ready: 3,
            leased: 2,
            waiting: 5,
            isCapped: false,
            oldestReadyAge: .seconds(400),
            nextAt: nil,
            dead: 1
        )
        let report = HealthReport(.reached(.sample(queues: [queue], lag: .seconds(7.9), dead: 1)))
        #expect(!report.isDown)
        #expect(report.json["status"] == "degraded")
        #expect(
            report.json["database"] == [
                "status": "reached", "version": "18.1", "deadLetters": 1, "scheduleLagSeconds": 7,
                "queues": [
                    [
                        "queue": "send", "ready": 3, "leased": 2, "waiting": 5, "dead": 1,
                        "oldestReadySeconds": 400,
                    ]
                ],
            ]
        )
        #expect(report.json["complaints"]?.array?.count == 2)
    }
}

extension PlatformHealth {
    static func sample(
        isolated: Bool = true,
        queues: [QueueStatistics] = [],
        lag: Duration? = nil,
        dead: Int = 0
    ) -> PlatformHealth {
        PlatformHealth(
            serverVersion: "18.1",
            isIsolated: isolated,
            queues: queues,
            scheduleLag: lag,
            deadLetters: dead
        )
    }
}
