import Testing

@testable import Insight
@testable import Work

@Suite struct PlatformHealthTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        var isIsolated = true
        var oldestReady: Duration?
        var scheduleLag: Duration?
        var deadLetters = 0
        let complaint: String?
    }

    static let cases = [
        Case(testDescription: "all is well", complaint: nil),
        Case(
            testDescription: "nothing is late yet",
            oldestReady: .seconds(300),
            scheduleLag: .seconds(300),
            complaint: nil
        ),
        Case(
            testDescription: "row-level security does not hold",
            isIsolated: false,
            complaint: "the login of DATABASE_URL passes row-level security by"
        ),
        Case(
            testDescription: "a task waits",
            oldestReady: .seconds(301.5),
            complaint: "queue send: work has waited for 301 s"
        ),
        Case(
            testDescription: "no runner",
            scheduleLag: .seconds(3600),
            complaint: "schedules are 3600 s behind: does a runner run?"
        ),
        Case(
            testDescription: "dead letters",
            deadLetters: 2,
            complaint: "2 dead letters: see `local-runner dead list`"
        ),
        Case(
            testDescription: "one dead letter",
            deadLetters: 1,
            complaint: "1 dead letter: see `local-runner dead list`"
        ),
    ]

    @Test(arguments: cases)
    func complainsOf(_ item: Case) {
        let queue = QueueStatistics(
            queue: "send",
            ready: 1,
            leased: 0,
            waiting: 0,
            isCapped: false,
            oldestReadyAge: item.oldestReady,
            nextAt: nil,
            dead: item.deadLetters
        )
        let health = PlatformHealth(
            serverVersion: "18.1",
            isIsolated: item.isIsolated,
            queues: [queue],
            scheduleLag: item.scheduleLag,
            deadLetters: item.deadLetters
        )
        #expect(health.complaints.count == (item.complaint == nil ? 0 : 1))
        if let complaint = item.complaint {
            #expect(health.complaints.first?.hasPrefix(complaint) == true)
        }
    }
}
