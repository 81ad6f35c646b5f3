internal import Accounts
internal import Messages
package import Database
internal import FunctionContract
package import HTTPClient
package import Security
internal import Work

/// Sends due messages on all channels at once, until its time is over.
///
/// The sender claims messages within the limits of their channel. It records an attempt for each
/// before the request begins. A message is sent when its token falls due. Results are recorded in
/// batches. While requests are in flight, the sender claims the next messages.
package final class Sender {
    let connection: Connection
    private let client: HTTPClient
    let secrets: SealedSecrets
    /// The platform's public address, where providers call it; nil when it is not configured.
    let publicURL: URLPrefix?
    let limits: SendLimits
    let random: () -> Double
    let clock = ContinuousClock()

    let batch: OutboundBatch
    var shares: Shares
    /// In order of turns: the lane that claimed last is at the end.
    var lanes: [Lane] = []
    /// For channels without a place: when the next token is due if no other sender takes one.
    var nextTokens: [UUID: Timestamp] = [:]
    /// Channels with due messages that cannot be served.
    var rests = Rests()
    /// Channels whose due messages cannot be claimed at this moment.
    var lulls = Rests()
    /// Channels whose secret this process has no key for.
    var locked = Rests()
    var flights: [Int: (lane: Lane, planned: Lane.Planned)] = [:]
    var summary = SendSummary()
    var outage = Outage()
    /// Failed looks for channels with work.
    var looks = Outage(retrying: .looks)
    private var failure: DatabaseError?
    var nextRefresh: ContinuousClock.Instant
    /// After this instant the sender claims nothing more.
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
        self.publicURL = publicURL.map { URLPrefix($0) }
        self.limits = limits
        self.random = random
        shares = Shares(places: limits.concurrency)
        batch = OutboundBatch(on: client, concurrency: limits.concurrency)
        nextRefresh = ContinuousClock.now
        lastClaim = nextRefresh
    }

    /// Returns when nothing more can be sent before `end`. Every request that began has had its
    /// full time for an answer.
    ///
    /// An error of one channel ends the service of that channel only. An error of the whole
    /// database stops new claims. Requests in flight are still finished, and their results are
    /// recorded as long as that is useful.
    package func run(until end: ContinuousClock.Instant) throws(DatabaseError) -> SendSummary {
        (summary, failure, lanes, outage) = (SendSummary(), nil, [], Outage())
        looks.end()
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
        attempt { () throws(DatabaseError) in try countRemaining() }
        if let failure { throw failure }
        return summary
    }

    /// A count that is too slow says only that there may be more, unless the look failed as well:
    /// then the database answers nothing.
    private func countRemaining() throws(DatabaseError) {
        let resting = locked.channels(at: clock.now) + rests.channels(at: clock.now)
        do throws(DatabaseError) {
            summary.remaining = try ask { () throws(DatabaseError) in
                try SendQueue(connection).remaining(onOthersThan: resting)
            }
        } catch {
            guard error.isOfTheMoment, looks.error == nil || summary.processed > 0 else {
                throw error
            }
            summary.problems.append("the count of messages that are left: \(error)")
            summary.remaining = 1
        }
    }

    var isBusy: Bool { lanes.contains { !$0.isIdle } }

    var mayClaim: Bool { failure == nil && outage.error == nil && clock.now < lastClaim }

    /// Whether a channel may have something to send later in this run.
    var hasProspects: Bool { mayClaim && lanes.contains(where: isProspect) }

    private func isProspect(_ lane: Lane) -> Bool {
        lane.placeSince != nil && !lane.isClosed && lane.due > 0 && lane.nextClaim < lastClaim
    }

    /// Looks for work once more before the run ends: the count is limited, and new messages may
    /// have arrived. A channel where a look found work in vain rests, so the looking ends.
    private func findsMore() -> Bool {
        guard mayClaim else { return false }
        attempt { () throws(DatabaseError) in try refresh() }
        return hasProspects
    }

    /// The first error ends claiming; the run still ends in order.
    private func attempt(_ body: () throws(DatabaseError) -> Void) {
        do {
            try body()
        } catch {
            if failure == nil { failure = error }
        }
    }

    /// Runs one database operation within `limits.patience`, because requests are in flight.
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
