internal import Accounts
internal import Database
internal import FunctionContract
internal import Messages
internal import Work

// Telling the database what came of attempts and what did not begin.

extension Sender {
    /// Tells what it is time to tell. While the database is away it is asked again and again until
    /// the messages are not ours any more: what is never told makes messages unknown that are not.
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

    /// Throws what concerns all channels; what concerns this one closes it.
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

    /// Gives up what could not be told in time.
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
        // What the database was told, the lane follows at once.
        lane.giveUpQueue()
        lane.nextClaim = clock.now
    }

    /// A result that the database refuses takes no other along: they are told in ever smaller
    /// parts, and what is refused alone is unknown, with the reason.
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

    /// Returns why a single result cannot be recorded. Throws what says nothing about the results.
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

    /// Once more, because a row that it names may have been deleted just then; then as unknown.
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

    /// Recording twice changes nothing, so what the database may not have heard is said again.
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

    /// Gives back what was taken and did not begin.
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
        // Whether a doubtful claim was counted is as doubtful.
        lane.untold.add(overcount: items.count { !$0.content.isDoubtful })
        nextRefresh = min(nextRefresh, clock.now + limits.quickRefresh)
    }

    /// Returns to the day and the month what did not go out. Said twice it would be given back
    /// twice: it is said once, and too much is counted if nobody hears it.
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
