internal import Accounts
internal import Campaigns
package import Database
private import FunctionContract
private import Glibc
package import HTTPClient
internal import Providers
package import Security
internal import Work

/// Sends what is due, channel by channel and all channels at once, until its time is over.
///
/// Messages are taken in hand under the channel's limits, each with an attempt written down before
/// it goes; they go when their tokens' times come; what came of them is recorded together. While
/// requests are on their way the next messages are taken in hand.
package final class Sender {
    private let connection: Connection
    private let client: HTTPClient
    private let secrets: SealedSecrets
    private let limits: SendLimits
    private let random: () -> Double
    private let clock = ContinuousClock()

    private var batch: OutboundBatch
    private var lanes: [Lane] = []
    private var flights: [Int: (lane: Lane, message: ClaimedMessage)] = [:]
    private var summary = SendSummary()
    private var failure: DatabaseError?
    private var nextRefresh: ContinuousClock.Instant
    /// After this nothing more is taken in hand.
    private var lastClaim: ContinuousClock.Instant

    package init(
        _ connection: Connection,
        _ client: HTTPClient,
        _ secrets: SealedSecrets,
        limits: SendLimits = SendLimits(),
        random: @escaping () -> Double = { Double.random(in: 0...1) }
    ) {
        self.connection = connection
        self.client = client
        self.secrets = secrets
        self.limits = limits
        self.random = random
        batch = OutboundBatch(on: client, concurrency: limits.concurrency)
        nextRefresh = ContinuousClock.now
        lastClaim = nextRefresh
    }

    /// Returns when nothing can be sent any more before `end`. A request that is on its way then
    /// had the time to be answered. An error stops what was not begun; what was is seen through.
    package func run(until end: ContinuousClock.Instant) throws(DatabaseError) -> SendSummary {
        (summary, failure, lanes) = (SendSummary(), nil, [])
        nextRefresh = clock.now
        lastClaim = end - limits.answer - limits.horizon - .seconds(1)
        repeat {
            attempt { () throws(DatabaseError) in
                if mayClaim { try takeInHand() }
                if clock.now >= lastClaim + limits.horizon { try letGo(of: lanes) }
            }
            begin()
            collect(upTo: pause())
            record()
        } while isBusy || hasProspects
        attempt { () throws(DatabaseError) in
            summary.remaining = try SendQueue(connection).channelsWithWork(upTo: limits)
                .reduce(0) { $0 + ($1.wait == .zero ? $1.due : 0) }
        }
        if let failure { throw failure }
        return summary
    }

    private var isBusy: Bool { lanes.contains { !$0.isIdle } }

    private var mayClaim: Bool { failure == nil && clock.now < lastClaim }

    /// A channel may have something to send later in this run.
    private var hasProspects: Bool {
        mayClaim && lanes.contains { !$0.isClosed && $0.due > 0 && $0.nextClaim < lastClaim }
    }

    /// The first error ends the taking in hand; the run goes on to its orderly end.
    private func attempt(_ body: () throws(DatabaseError) -> Void) {
        do {
            try body()
        } catch {
            if failure == nil { failure = error }
        }
    }
}

// MARK: Taking in hand

extension Sender {
    private func takeInHand() throws(DatabaseError) {
        if clock.now >= nextRefresh { try refresh() }
        for lane in lanes {
            let appetite = lane.appetite(limits, now: clock.now)
            guard appetite > 0 else { continue }
            try take(appetite, lane)
            // One at a time: what is on its way must not wait for the database.
            if !batch.isEmpty { break }
        }
    }

    /// Looks for channels with work.
    private func refresh() throws(DatabaseError) {
        nextRefresh = clock.now + limits.refresh
        for lane in lanes { lane.due = 0 }
        for found in try SendQueue(connection).channelsWithWork(upTo: limits) {
            if let lane = lanes.first(where: { $0.channel.id == found.channel }) {
                lane.due = found.due
            } else if let lane = try open(found) {
                lane.due = found.due
                lane.nextClaim = clock.now + found.wait
                lanes.append(lane)
            }
        }
    }

    private func open(_ found: SendQueue.Work) throws(DatabaseError) -> Lane? {
        guard lanes.count < limits.channels else { return nil }
        let channels = Channels(connection, secrets, as: .service(found.workspace))
        do throws(AccountError) {
            let (channel, access) = try channels.open(found.channel)
            let outbox = Outbox(connection, workspace: channel.workspace, channel: channel.id)
            return Lane(channel, access, outbox, now: clock.now)
        } catch {
            if case .database(let error) = error { throw error }
            summary.problems.append("channel \(found.channel): \(error)")
            return nil
        }
    }

    private func take(_ appetite: Int, _ lane: Lane) throws(DatabaseError) {
        let began = clock.now
        let taken = try Take(lane: lane, limits: limits, random: random()).run(appetite)
        let now = clock.now
        switch taken.wait {
        case .none: lane.nextClaim = now
        case .for(let wait): lane.nextClaim = now + wait
        case .forever: lane.isClosed = true
        }
        lane.due -= taken.messages.count
        if taken.messages.isEmpty, taken.wait == .none { lane.due = 0 }
        lane.plan(
            zip(taken.messages, taken.delays).map { message, delay in
                Lane.Planned(
                    message: message,
                    notBefore: now + delay,
                    deadline: began + limits.lease - limits.leaseMargin
                )
            }
        )
        try load(templates: taken.messages.compactMap(\.template), for: lane)
        try giveBackUnused(taken, lane)
    }

    private func load(templates ids: [UUID], for lane: Lane) throws(DatabaseError) {
        let unknown = Set(ids).subtracting(lane.templates.keys)
        if unknown.isEmpty { return }
        let templates = Templates(connection, as: .service(lane.channel.workspace))
        do throws(CampaignError) {
            for form in try templates.find(Array(unknown)) { lane.templates[form.id] = form }
        } catch {
            if case .database(let error) = error { throw error }
        }
    }

    /// Tokens for which there was no message.
    private func giveBackUnused(_ taken: Take.Taken, _ lane: Lane) throws(DatabaseError) {
        guard let grant = taken.grant, let allotment = taken.allotment else { return }
        lane.allotment = allotment
        let used = taken.messages.count
        if used < grant.count {
            let rates = Rates(connection)
            try rates.giveBack(grant.count - used, of: grant, to: lane.channel.rateKey)
        }
        try giveBack(allotment.granted - used, of: lane)
    }

    /// Returns to the day what did not go out.
    private func giveBack(_ count: Int, of lane: Lane) throws(DatabaseError) {
        guard count > 0, let allotment = lane.allotment else { return }
        try Counters(connection).giveBack(count, of: allotment, to: lane.channel.dailyCounter)
    }

    /// Gives back what has not begun.
    private func letGo(of lanes: [Lane]) throws(DatabaseError) {
        for lane in lanes {
            let messages = lane.giveUpQueue()
            try lane.outbox.release(messages)
            try giveBack(messages.count, of: lane)
        }
    }
}

// MARK: On the wire

extension Sender {
    private func begin() {
        for lane in lanes {
            while flights.count < limits.concurrency, let start = lane.nextStart(limits),
                start <= clock.now
            {
                begin(lane.takeNext(), lane)
            }
        }
    }

    private func begin(_ planned: Lane.Planned, _ lane: Lane) {
        do throws(ProviderError) {
            let request = try Wire.request(for: planned.message, on: lane, limits)
            let ticket = batch.add(PlannedRequest(request, deadline: planned.deadline))
            flights[ticket] = (lane, planned.message)
            lane.began()
        } catch {
            let verdict = Verdict(refusing: planned.message, because: .invalid("\(error)"))
            lane.add(AttemptResult(planned.message, verdict), now: clock.now)
        }
    }

    private func collect(upTo pause: Duration) {
        guard !batch.isEmpty else {
            // Microseconds fit: a pause is never longer than a refresh.
            if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
            return
        }
        let now = systemTime()
        for finished in batch.step(upTo: pause) {
            guard let flight = flights.removeValue(forKey: finished.ticket) else { continue }
            let verdict = Wire.verdict(
                finished.outcome,
                for: flight.message,
                by: flight.lane.channel.provider,
                now: now
            )
            flight.lane.ended()
            flight.lane.add(AttemptResult(flight.message, verdict), now: clock.now)
        }
    }

    /// Until something else than an answer asks for attention.
    private func pause() -> Duration {
        guard isBusy || hasProspects else { return .zero }
        let now = clock.now
        var next = now + limits.refresh
        if mayClaim { next = min(next, nextRefresh) }
        for lane in lanes {
            if let time = lane.recordTime(limits) { next = min(next, time) }
            if flights.count < limits.concurrency, let start = lane.nextStart(limits) {
                next = min(next, start)
            }
            if mayClaim, lane.appetite(limits, now: lane.nextClaim) > 0 {
                next = min(next, lane.nextClaim)
            }
        }
        return max(.zero, next - now)
    }

    private func systemTime() -> FunctionContract.Timestamp {
        FunctionContract.Timestamp(Database.Timestamp.now)
    }
}

// MARK: Recording

extension Sender {
    private func record() {
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

    /// Recording twice changes nothing, so a COMMIT whose answer was lost is sent again.
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
                guard error.code == .commitUnknown || error.code == .unreachable, tries < 5 else {
                    throw error
                }
                usleep(100_000)
            }
        }
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
            case .again, .failed: notSent += 1
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
