internal import Accounts
internal import Campaigns
internal import Database
internal import Work

/// How a lane gets messages: under the channel's lock it asks whether the channel may send, takes
/// tokens of its rate, then of its day, then as many messages. All of it or nothing.
struct Take {
    let lane: Lane
    let limits: SendLimits
    let random: Double

    /// What was had.
    struct Taken {
        var messages: [ClaimedMessage] = []
        /// How long each has to wait.
        var delays: [Duration] = []
        var wait = Wait.none
        var grant: RateGrant?
        var allotment: Allotment?
    }

    /// When to ask again.
    enum Wait: Equatable {
        case none
        case `for`(Duration)
        /// Not in this run: a person must look, or the day must end.
        case forever
    }

    func run(_ appetite: Int) throws(DatabaseError) -> Taken {
        try lane.outbox.transaction { (transaction) throws(DatabaseError) in
            guard let gate = try lane.outbox.gate(in: transaction), let opensAt = gate.opensAt
            else { return Taken(wait: .forever) }
            lane.breaker = gate.breaker
            if opensAt > gate.now { return Taken(wait: .for(gate.now.duration(to: opensAt))) }
            return try take(gate.breaker.isTrying ? 1 : appetite, gate, in: transaction)
        }
    }

    private func take(
        _ wanted: Int,
        _ gate: Outbox.Gate,
        in transaction: Transaction
    ) throws(DatabaseError) -> Taken {
        let isPatient = !lane.channel.pacing.goesOneByOne
        let grant = try Rates.take(
            wanted,
            from: lane.channel.rateKey,
            within: isPatient ? limits.horizon : .zero,
            in: transaction
        )
        guard let grant else { return Taken(wait: .forever) }
        if grant.count == 0 { return Taken(wait: wait(until: grant)) }
        let counter = lane.channel.dailyCounter
        let allotment = try Counters.take(grant.count, from: counter, in: transaction)
        if allotment.granted == 0 {
            transaction.abandon()
            return Taken(wait: .forever)
        }
        let messages = try lane.outbox.claim(
            limit: allotment.granted,
            lease: limits.lease,
            in: transaction
        )
        if messages.isEmpty {
            transaction.abandon()
            return Taken()
        }
        let pause = try pace(messages.count, gate, in: transaction)
        return Taken(
            messages: messages,
            delays: messages.indices.map { grant.delay(of: $0) },
            wait: pause.map { .for($0) } ?? wait(until: grant),
            grant: grant,
            allotment: allotment
        )
    }

    /// A channel that goes one by one decides now when the next may go.
    private func pace(
        _ count: Int,
        _ gate: Outbox.Gate,
        in transaction: Transaction
    ) throws(DatabaseError) -> Duration? {
        let pacing = lane.channel.pacing
        guard pacing.goesOneByOne else { return nil }
        let sent = gate.lotSent + count
        let pause = pacing.pause(afterMessage: sent, random: random)
        let endsLot = pacing.lot.map { sent >= $0.size } ?? false
        try lane.outbox.pace(
            lotSent: endsLot ? 0 : sent,
            heldUntil: gate.now + pause,
            in: transaction
        )
        return pause
    }

    /// Tokens are had ahead of their time, so that the next ones are there when these are used up.
    private func wait(until grant: RateGrant) -> Wait {
        let next = grant.delay(of: grant.count)
        if grant.count == 0 { return .for(max(next - limits.horizon, .milliseconds(1))) }
        return next > limits.horizon / 2 ? .for(next - limits.horizon / 2) : .none
    }
}

extension Timestamp {
    fileprivate func duration(to other: Timestamp) -> Duration {
        if other == .distantFuture { return .seconds(86_400) }
        return .microseconds(other.microseconds - microseconds)
    }
}
