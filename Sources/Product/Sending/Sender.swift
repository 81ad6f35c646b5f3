internal import Accounts
internal import Messages
package import Database
internal import FunctionContract
package import HTTPClient
package import Security
internal import Work

/// Sends what is due, channel by channel and all channels at once, until its time is over.
///
/// Messages are taken in hand under the channel's limits, each with an attempt written down before
/// it goes; they go when their tokens' times come; what came of them is recorded together. While
/// requests are on their way the next messages are taken in hand.
package final class Sender {
    let connection: Connection
    private let client: HTTPClient
    let secrets: SealedSecrets
    /// Where providers reach this platform, when it knows.
    let publicURL: String?
    let limits: SendLimits
    let random: () -> Double
    let clock = ContinuousClock()

    let batch: OutboundBatch
    var shares: Shares
    /// Whose turn it was last stands last.
    var lanes: [Lane] = []
    /// From when the next tokens of channels without a place are due, if nobody else took any.
    var nextTokens: [UUID: Timestamp] = [:]
    /// Channels that cannot be served, although a look finds work in them.
    var rests = Rests()
    /// Channels of which a look finds messages that cannot be had at this moment.
    var lulls = Rests()
    /// Channels for which this process has no key.
    var locked = Rests()
    var flights: [Int: (lane: Lane, planned: Lane.Planned)] = [:]
    var summary = SendSummary()
    var outage = Outage()
    private var failure: DatabaseError?
    var nextRefresh: ContinuousClock.Instant
    /// After this nothing more is taken in hand.
    private(set) var lastClaim: ContinuousClock.Instant

    package init(
        _ connection: Connection,
        _ client: HTTPClient,
        _ secrets: SealedSecrets,
        publicURL: String? = nil,
        limits: SendLimits = SendLimits(),
        random: @escaping () -> Double = { Double.random(in: 0...1) }
    ) {
        self.connection = connection
        self.client = client
        self.secrets = secrets
        self.publicURL = publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        self.limits = limits
        self.random = random
        shares = Shares(places: limits.concurrency)
        batch = OutboundBatch(on: client, concurrency: limits.concurrency)
        nextRefresh = ContinuousClock.now
        lastClaim = nextRefresh
    }

    /// Returns when nothing can be sent any more before `end`. A request that is on its way then
    /// had the time to be answered.
    ///
    /// An error of one channel ends the service of that channel alone. One of the database as a
    /// whole stops what was not begun; what was begun is seen through, and told to the database for
    /// as long as that is of use.
    package func run(until end: ContinuousClock.Instant) throws(DatabaseError) -> SendSummary {
        (summary, failure, lanes, outage) = (SendSummary(), nil, [], Outage())
        nextTokens = [:]
        nextRefresh = clock.now
        lastClaim = end - limits.answer - limits.horizon - .seconds(1)
        repeat {
            if mayClaim { attempt { () throws(DatabaseError) in try takeInHand() } }
            if clock.now >= lastClaim + limits.horizon {
                for lane in lanes { lane.giveUpQueue() }
            }
            begin()
            collect(upTo: pause())
            tell()
        } while isBusy || hasProspects || findsMore()
        if failure == nil { failure = outage.error }
        attempt { () throws(DatabaseError) in
            let resting = locked.channels(at: clock.now) + rests.channels(at: clock.now)
            summary.remaining = try ask { () throws(DatabaseError) in
                try SendQueue(connection).remaining(onOthersThan: resting)
            }
        }
        if let failure { throw failure }
        return summary
    }

    var isBusy: Bool { lanes.contains { !$0.isIdle } }

    var mayClaim: Bool { failure == nil && outage.error == nil && clock.now < lastClaim }

    /// A channel may have something to send later in this run.
    var hasProspects: Bool { mayClaim && lanes.contains(where: isProspect) }

    private func isProspect(_ lane: Lane) -> Bool {
        lane.placeSince != nil && !lane.isClosed && lane.due > 0 && lane.nextClaim < lastClaim
    }

    /// Looks once more before it ends: only so much was counted, and more may have come. What was
    /// found in vain rests, so that looking comes to an end.
    private func findsMore() -> Bool {
        guard mayClaim else { return false }
        attempt { () throws(DatabaseError) in try refresh() }
        return hasProspects
    }

    /// The first error ends the taking in hand; the run goes on to its orderly end.
    private func attempt(_ body: () throws(DatabaseError) -> Void) {
        do {
            try body()
        } catch {
            if failure == nil { failure = error }
        }
    }

    /// Asks the database for one thing, which may take only so long: requests are on their way.
    func ask<Answer>(
        _ body: () throws(DatabaseError) -> Answer
    ) throws(DatabaseError) -> Answer {
        let deadline = connection.deadline
        defer { connection.deadline = deadline }
        let limit = clock.now + limits.patience
        connection.deadline = deadline.map { min($0, limit) } ?? limit
        return try body()
    }
}
