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
    let limits: SendLimits
    let random: () -> Double
    let clock = ContinuousClock()

    let batch: OutboundBatch
    var lanes: [Lane] = []
    /// Channels for which this process has no key, and until when it leaves them to others.
    var locked: [UUID: ContinuousClock.Instant] = [:]
    var flights: [Int: (lane: Lane, message: ClaimedMessage)] = [:]
    var summary = SendSummary()
    private var failure: DatabaseError?
    var nextRefresh: ContinuousClock.Instant
    /// After this nothing more is taken in hand.
    private(set) var lastClaim: ContinuousClock.Instant

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
        } while isBusy || hasProspects || findsMore()
        attempt { () throws(DatabaseError) in
            summary.remaining = try SendQueue(connection).channelsWithWork(upTo: limits)
                .reduce(0) { isLocked($1.channel) ? $0 : $0 + $1.ready }
        }
        if let failure { throw failure }
        return summary
    }

    func isLocked(_ channel: UUID) -> Bool { locked[channel].map { clock.now < $0 } ?? false }

    var isBusy: Bool { lanes.contains { !$0.isIdle } }

    var mayClaim: Bool { failure == nil && clock.now < lastClaim }

    /// A channel may have something to send later in this run.
    var hasProspects: Bool {
        mayClaim && lanes.contains { !$0.isClosed && $0.due > 0 && $0.nextClaim < lastClaim }
    }

    /// Looks once more before it ends: only so much was counted, and more may have come.
    private func findsMore() -> Bool {
        guard mayClaim else { return false }
        attempt { () throws(DatabaseError) in try refresh() }
        return hasProspects
    }

    /// The first error ends the taking in hand; the run goes on to its orderly end.
    func attempt(_ body: () throws(DatabaseError) -> Void) {
        do {
            try body()
        } catch {
            if failure == nil { failure = error }
        }
    }
}
