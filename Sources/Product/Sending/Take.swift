internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
internal import Work

/// One claim of a lane. It takes from the workspace's monthly quota first. Then, under the
/// channel's lock, it takes from the channel's rate and daily cap, and claims the messages.
///
/// The claim takes effect as a whole or not at all. The order is always the same, so senders cannot
/// deadlock.
struct Take {
    let lane: Lane
    let limits: SendLimits
    let random: Double

    /// The result of a claim.
    struct Taken {
        var messages: [ClaimedMessage] = []
        var wait = Wait.none
        /// When the tokens were taken.
        var at = ContinuousClock.now
        var month: MonthlyUsage?
        var grant: RateGrant?
        var day: Allotment?
    }

    /// When the lane may claim again.
    enum Wait: Equatable {
        case none
        case `for`(Duration)
        /// Not before a person acts or the day ends.
        case forever
        /// The channel has no token bucket yet.
        case unpaced
    }

    func run(_ appetite: Int) throws(DatabaseError) -> Taken {
        try lane.outbox.transaction { (transaction) throws(DatabaseError) in
            lane.claimed = []
            let workspace = lane.channel.workspace
            let month = try Quotas.take(appetite, for: workspace, in: transaction)
            guard let month, month.granted > 0 else { return nothing(.forever, transaction) }
            guard let gate = try lane.outbox.gate(in: transaction), let opensAt = gate.opensAt
            else { return nothing(.forever, transaction) }
            lane.breaker = gate.breaker
            lane.hadObstacles = gate.hadObstacles
            if opensAt > gate.now {
                return nothing(.for(gate.now.duration(to: opensAt)), transaction)
            }
            let wanted = gate.breaker.isTrying ? 1 : month.granted
            var taken = try take(wanted, gate, in: transaction)
            let unused = month.granted - taken.messages.count
            if unused > 0, !taken.messages.isEmpty {
                try Quotas.giveBack(unused, of: month, for: workspace, in: transaction)
            }
            taken.month = month
            return taken
        }
    }

    private func take(
        _ wanted: Int,
        _ gate: Outbox.Gate,
        in transaction: Transaction
    ) throws(DatabaseError) -> Taken {
        let grant = try Rates.take(
            wanted,
            from: lane.channel.rateKey,
            within: lane.channel.pacing.goesOneByOne ? .zero : limits.horizon,
            in: transaction
        )
        let takenAt = ContinuousClock.now
        guard let grant else { return nothing(.unpaced, transaction) }
        if grant.count == 0 { return nothing(wait(until: grant), transaction) }
        let counter = lane.channel.dailyCounter
        let day = try Counters.take(grant.count, from: counter, in: transaction)
        if day.granted == 0 { return nothing(.forever, transaction) }
        let messages = try lane.outbox.claim(
            limit: day.granted,
            lease: limits.lease,
            in: transaction
        )
        if messages.isEmpty { return nothing(.none, transaction) }
        lane.claimed = messages
        let pause = try pace(messages.count, gate, in: transaction)
        return Taken(
            messages: messages,
            wait: pause.map { .for($0) } ?? wait(until: grant),
            at: takenAt,
            grant: grant,
            day: day
        )
    }

    /// Rolls the transaction back, so nothing is taken.
    private func nothing(_ wait: Wait, _ transaction: Transaction) -> Taken {
        transaction.abandon()
        return Taken(wait: wait)
    }

    /// For a channel that sends one message at a time: decides and records when the next may go.
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

    /// Tokens are taken ahead of time, so that new ones are ready when these are used up.
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
