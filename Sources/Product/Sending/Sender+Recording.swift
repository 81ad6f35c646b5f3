internal import Messages
internal import Database
private import Glibc

// Recording what came of attempts.

extension Sender {
    func record() {
        for lane in lanes {
            guard let time = lane.recordTime(limits), time <= clock.now else { continue }
            let results = lane.takeResults()
            attempt { () throws(DatabaseError) in try record(results, lane) }
        }
    }

    private func record(_ results: [AttemptResult], _ lane: Lane) throws(DatabaseError) {
        let before = lane.breaker
        lane.breaker = try recorded(results, lane)
        summary.processed += results.count
        let tally = Tally(results)
        summary.accepted += tally.accepted
        try giveBack(tally.notSent, of: lane)
        let trips = lane.breaker.isTrying && lane.breaker.failures > before.failures
        guard trips || tally.asksForCaution else { return }
        // What the database was told, the lane follows at once.
        try letGo(of: [lane])
        lane.nextClaim = clock.now
    }

    /// Recording twice changes nothing, so what the database may not have heard is said again. What
    /// is never said makes messages unknown that are not: it is worth some seconds.
    private static let recordTries = 50

    private func recorded(
        _ results: [AttemptResult],
        _ lane: Lane
    ) throws(DatabaseError) -> Breaker {
        var tries = 0
        while true {
            do throws(DatabaseError) {
                return try lane.outbox.record(results, breaker: lane.breaker)
            } catch {
                tries += 1
                guard error.mayPass, tries < Self.recordTries else { throw error }
                usleep(100_000)
            }
        }
    }
}

extension DatabaseError {
    /// Whether the same may work in a moment. A row that a result names can be deleted just now.
    fileprivate var mayPass: Bool { Self.passing.contains(code) }

    private static let passing: [Code] = [
        .commitUnknown, .unreachable, .connectionLost, .serialization, .deadlock,
        .foreignKeyViolation,
    ]
}

/// Results, added up.
private struct Tally {
    var accepted = 0
    /// Those that certainly did not go out.
    var notSent = 0
    /// The channel or a template of it must not go on as before.
    var asksForCaution = false

    init(_ results: [AttemptResult]) {
        for result in results {
            switch result.verdict.fate {
            case .accepted: accepted += 1
            case .again, .failed, .cancelled: notSent += 1
            case .unknown: break
            }
            switch result.verdict.channel {
            case .works, .doubtful: break
            case .hold, .pause: asksForCaution = true
            }
            if result.verdict.template != nil { asksForCaution = true }
        }
    }
}
