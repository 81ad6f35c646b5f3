internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
internal import HTTPClient
internal import Providers
internal import Work

/// One channel during a run: what it has in hand, and when it may take more.
final class Lane {
    /// A message in hand and when it may go.
    struct Planned {
        let message: ClaimedMessage
        let notBefore: ContinuousClock.Instant
        /// When its token is worth nothing any more: others may have those that follow it.
        let notAfter: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant
    }

    let channel: Channel
    let access: ChannelAccess
    let outbox: Outbox
    /// In the order of their times.
    private(set) var queue: ArraySlice<Planned> = []
    private(set) var inFlight = 0
    private(set) var results: [AttemptResult] = []
    private var oldestResult: ContinuousClock.Instant?
    private var spacing: Spacing
    /// From when the next tokens are due if nobody else takes any.
    private var nextToken = Timestamp.distantPast
    var templates: [UUID: TemplateForm] = [:]
    var breaker = Breaker(failures: 0)
    /// What the workspace's month and the channel's day gave last.
    var month: MonthlyUsage?
    var day: Allotment?
    /// Messages that are due, as far as they were counted.
    var due = 0
    /// Nothing can be had before.
    var nextClaim: ContinuousClock.Instant
    /// Nothing more can be had until something else changes.
    var isClosed = false

    init(
        _ channel: Channel,
        _ access: ChannelAccess,
        _ outbox: Outbox,
        now: ContinuousClock.Instant
    ) {
        self.channel = channel
        self.access = access
        self.outbox = outbox
        spacing = Spacing(channel.pacing.ceiling, now: now)
        nextClaim = now
    }

    /// Nothing is in hand.
    var isIdle: Bool { queue.isEmpty && inFlight == 0 && results.isEmpty }

    /// How many messages to take in hand now; 0 while there are enough, or a message is tried whose
    /// end decides about the rest.
    func appetite(_ limits: SendLimits, now: ContinuousClock.Instant) -> Int {
        guard !isClosed, due > 0, now >= nextClaim else { return 0 }
        if channel.pacing.goesOneByOne || breaker.isTrying { return isIdle ? 1 : 0 }
        let share = max(limits.claim, inFlight)
        return queue.count < share / 2 ? min(share, due) : 0
    }

    /// Plans messages for the times of their tokens. Others who take tokens have the time after the
    /// last of these: what is not gone soon after it goes back. Alone, and free to be late, is who
    /// finds the tokens where it left them, or has the channel held while its message goes.
    func plan(_ taken: Take.Taken, _ limits: SendLimits) {
        guard let grant = taken.grant else { return }
        let isFirst = nextToken == .distantPast
        let findsThemAsLeft = !isFirst && grant.time(of: 0) <= max(nextToken, grant.takenAt)
        let isAlone = channel.pacing.goesOneByOne || findsThemAsLeft
        nextToken = grant.nextAt
        // Late by a whole interval, the last message would go with the first one of another sender.
        let lateness = isAlone ? limits.horizon : max(grant.interval / 2, limits.lateness)
        let last = taken.at + grant.delay(of: grant.count - 1)
        for (place, message) in taken.messages.enumerated() {
            queue.append(
                Planned(
                    message: message,
                    notBefore: taken.at + grant.delay(of: place),
                    notAfter: last + lateness,
                    deadline: taken.at + limits.lease - limits.leaseMargin
                )
            )
        }
    }

    /// When the next message may go; nil while none can.
    func nextStart(_ limits: SendLimits) -> ContinuousClock.Instant? {
        guard inFlight < limits.concurrencyOfChannel, let first = queue.first else { return nil }
        return max(first.notBefore, spacing.next)
    }

    func takeNext(now: ContinuousClock.Instant) -> Planned {
        let next = queue.removeFirst()
        if now <= next.notAfter { spacing.take(now: now) }
        return next
    }

    /// Everything in hand that has not begun.
    func giveUpQueue() -> [ClaimedMessage] {
        defer { queue = [] }
        return queue.map(\.message)
    }

    func began() { inFlight += 1 }

    func ended() { inFlight -= 1 }

    func add(_ result: AttemptResult, now: ContinuousClock.Instant) {
        if results.isEmpty { oldestResult = now }
        results.append(result)
    }

    /// When the results must be recorded; nil while there are none.
    func recordTime(_ limits: SendLimits) -> ContinuousClock.Instant? {
        guard let oldestResult else { return nil }
        if results.count >= limits.recordBatch || inFlight == 0 { return oldestResult }
        return oldestResult + limits.recordAfter
    }

    func takeResults() -> [AttemptResult] {
        oldestResult = nil
        defer { results = [] }
        return results
    }
}
