internal import Accounts
internal import Database
internal import FunctionContract
internal import Messages
internal import Providers
internal import Work

// Records the results of attempts and releases messages that did not begin.

extension Sender {
    /// Records the results that are due. During an outage it retries until the leases end: a result
    /// that is never recorded turns its message into an unknown one.
    func tell() {
        for lane in lanes {
            forgetOld(lane)
            guard outage.allows(clock.now), let time = lane.tellTime(limits, now: clock.now),
                time <= clock.now
            else { continue }
            do throws(DatabaseError) {
                try tell(lane)
                outage.end()
            } catch {
                outage.goOn(error, random: random(), now: clock.now)
            }
        }
    }

    /// Throws an error that concerns all channels. An error of this channel closes its lane.
    private func tell(_ lane: Lane) throws(DatabaseError) {
        do throws(DatabaseError) {
            try record(lane)
            try release(lane)
            try giveBack(lane)
            lane.nextTell = nil
        } catch {
            if error.isOfTheMoment { lane.nextTell = clock.now + limits.refresh }
            try hinder(lane, error)
        }
    }

    /// Drops results that could not be recorded in time.
    private func forgetOld(_ lane: Lane) {
        guard outage.error != nil || lane.nextTell != nil else { return }
        let isOver = connection.deadline.map { $0 <= clock.now } ?? false
        let count = lane.untold.forget(at: isOver ? nil : clock.now)
        guard count > 0 else { return }
        summary.problems.append(
            "channel \(lane.channel.id): \(count) messages are taken for unknown, because the "
                + "database could not be told in time what became of them"
        )
    }

    private func record(_ lane: Lane) throws(DatabaseError) {
        let items = lane.untold.takeResults()
        if items.isEmpty { return }
        let before = lane.breaker
        try record(items, lane)
        let tally = Tally(items.map(\.content))
        lane.untold.add(overcount: tally.notSent)
        let trips = lane.breaker.isTrying && lane.breaker.failures > before.failures
        guard trips || tally.asksForCaution else { return }
        // The lane obeys the recorded state at once.
        lane.giveUpQueue()
        lane.nextClaim = clock.now
    }

    /// A refused result must not block the others. The batch is split into ever smaller parts. A
    /// result that is refused alone is recorded as unknown, with the reason.
    private func record(
        _ items: [Untold.Item<AttemptResult>],
        _ lane: Lane
    ) throws(DatabaseError) {
        var parts = [items]
        var refusal: DatabaseError?
        while let part = parts.popLast() {
            do throws(DatabaseError) {
                if let error = try recordOrSplit(part, &parts, lane) { refusal = error }
            } catch {
                lane.untold.putBack(part + parts.joined(), now: clock.now)
                throw error
            }
        }
        if let refusal { throw refusal }
    }

    /// Returns the error when a single result cannot be recorded. Throws errors that are not about
    /// the results.
    private func recordOrSplit(
        _ part: [Untold.Item<AttemptResult>],
        _ parts: inout [[Untold.Item<AttemptResult>]],
        _ lane: Lane
    ) throws(DatabaseError) -> DatabaseError? {
        do throws(DatabaseError) {
            try record(part.map(\.content), lane)
        } catch {
            if error.concernsAll || error.isOfTheMoment { throw error }
            let half = part.count / 2
            if half > 0 {
                parts += [Array(part[half...]), Array(part[..<half])]
                return nil
            }
            return try insist(part[0].content, lane)
        }
        return nil
    }

    /// Tries once more, because a referenced row may just have been deleted. Then it records the
    /// message as unknown.
    private func insist(
        _ result: AttemptResult,
        _ lane: Lane
    ) throws(DatabaseError) -> DatabaseError? {
        do throws(DatabaseError) {
            try record([result], lane)
            return nil
        } catch {
            if error.concernsAll || error.isOfTheMoment { throw error }
            let lost = Verdict(losing: result.message, because: .unrecorded("\(error)"))
            do throws(DatabaseError) {
                try record([AttemptResult(result.message, lost)], lane)
            } catch {
                if error.concernsAll || error.isOfTheMoment { throw error }
                summary.problems.append(
                    "message \(result.message.reference.message): what became of it cannot be "
                        + "recorded: \(error)"
                )
            }
            return error
        }
    }

    /// Recording is idempotent, so a result is sent again when the commit is uncertain.
    private func record(_ results: [AttemptResult], _ lane: Lane) throws(DatabaseError) {
        lane.breaker = try ask { () throws(DatabaseError) in
            try lane.outbox.record(
                results,
                breaker: lane.breaker,
                endsObstacles: lane.hadObstacles
            )
        }
        lane.hadObstacles = false
        summary.processed += results.count
        summary.accepted += Tally(results).accepted
    }

    /// Releases claimed messages that did not begin.
    private func release(_ lane: Lane) throws(DatabaseError) {
        let items = lane.untold.takeUnused()
        if items.isEmpty { return }
        do throws(DatabaseError) {
            try ask { () throws(DatabaseError) in
                try lane.outbox.release(items.map(\.content))
            }
        } catch {
            if error.concernsAll || error.isOfTheMoment { lane.untold.putBack(items) }
            throw error
        }
        // It is unknown whether a doubtful claim was counted, so its count is not given back.
        lane.untold.add(overcount: items.count { !$0.content.isDoubtful })
        nextRefresh = min(nextRefresh, clock.now + limits.quickRefresh)
    }

    /// Gives unsent messages back to the daily and monthly counters. This is not idempotent, so it
    /// is tried only once; if it fails, the counters stay too high.
    private func giveBack(_ lane: Lane) throws(DatabaseError) {
        let count = lane.untold.takeOvercount()
        guard count > 0, let month = lane.month, let day = lane.day else { return }
        try ask { () throws(DatabaseError) in
            try Counters(connection).giveBack(count, of: day, to: lane.channel.dailyCounter)
            try Quotas(connection).giveBack(count, of: month, for: lane.channel.workspace)
        }
    }
}

extension Reason {
    fileprivate static func unrecorded(_ detail: String) -> Reason {
        Reason(
            code: "unrecorded",
            detail: detail,
            french: "La base de données a refusé d'enregistrer la réponse du fournisseur : le "
                + "message est peut-être parti. Un accusé de réception le dira.",
            english: "The database refused to record the provider's answer: the message may have "
                + "gone out. A receipt will tell."
        )
    }
}

/// The totals of a batch of results.
private struct Tally {
    var accepted = 0
    /// Messages that certainly did not go out.
    var notSent = 0
    /// A result holds or pauses the channel, or is about a template.
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
