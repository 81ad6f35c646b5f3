import Testing

@testable import LocalRunner

@Suite struct PollingIntervalTests {
    @Test func growsWhileThereIsNothingAndIsShortAgainWhenThereIs() {
        var interval = PollingInterval()
        let waits: [Milliseconds] = [500, 1_000, 2_000, 4_000, 5_000, 5_000]
        for wait in waits { #expect(interval.next(foundWork: false, dueIn: nil) == wait) }
        #expect(interval.next(foundWork: true, dueIn: nil) == 250)
        #expect(interval.next(foundWork: false, dueIn: nil) == 500)
        interval.reset()
        #expect(interval.current == PollingInterval.shortest)
    }

    @Test(
        arguments: [(0, 50), (1, 50), (300, 300), (500, 500), (70_000, 500)]
            as [(Milliseconds, Milliseconds)]
    )
    func endsWhenTheNextTaskIsDue(_ due: Milliseconds, _ wait: Milliseconds) {
        var interval = PollingInterval()
        #expect(interval.next(foundWork: false, dueIn: due) == wait)
    }
}
