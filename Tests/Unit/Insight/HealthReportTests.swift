import FunctionContract
import Testing

@testable import Insight
@testable import Work

@Suite struct HealthReportTests {
    private static let started = Timestamp(milliseconds: 1_784_300_645_123)

    private static func report(_ database: HealthReport.Reach) -> HealthReport {
        let now = Timestamp(milliseconds: started.milliseconds + 90_999)
        return HealthReport(started: started, now: now, database: database)
    }

    @Test func anIdlePlatformWithoutADatabaseIsWell() {
        let report = Self.report(.notConfigured)
        #expect(!report.isDown)
        #expect(
            report.json == [
                "status": "ok", "version": .string(productVersion),
                "startedAt": .string(Self.started.rfc3339), "uptimeSeconds": 90,
                "database": ["status": "not configured"], "complaints": [],
            ]
        )
    }

    @Test func aDatabaseOutOfReachIsDown() {
        let report = Self.report(.outOfReach("no route"))
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
        let report = Self.report(.reached(.sample(queues: [queue], lag: .seconds(7.9), dead: 1)))
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
