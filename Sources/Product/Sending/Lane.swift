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
        /// When the message is not ours any more.
        let leaseEnd: ContinuousClock.Instant
    }

    let channel: Channel
    let access: ChannelAccess
    let outbox: Outbox
    /// In the order of their times.
    private(set) var queue: ArraySlice<Planned> = []
    private(set) var inFlight = 0
    /// What the database does not know yet.
    var untold = Untold()
    /// Nothing of it is told before: somebody was in the way the last time.
    var nextTell: ContinuousClock.Instant?
    private var spacing: Spacing
    /// From when the next tokens are due if nobody else takes any.
    private(set) var nextToken: Timestamp
    /// Requests that were answered since the last messages were taken in hand.
    private var answered = 0
    /// The last answer, or when the first request of those on their way began.
    private var lastSign: ContinuousClock.Instant
    var templates: [UUID: TemplateForm] = [:]
    var breaker = Breaker(failures: 0)
    /// Senders could not serve the channel the last time.
    var hadObstacles = false
    /// What was claimed last, before it was certain.
    var claimed: [ClaimedMessage] = []
    /// What the workspace's month and the channel's day gave last.
    var month: MonthlyUsage?
    var day: Allotment?
    /// Messages that are due, as far as they were counted.
    var due = 0
    /// Nothing can be had before.
    var nextClaim: ContinuousClock.Instant
    /// Nothing more can be had until something else changes.
    var isClosed = false
    /// Since when it has a place; without one it takes nothing more in hand.
    var placeSince: ContinuousClock.Instant?

    init(
        _ channel: Channel,
        _ access: ChannelAccess,
        _ outbox: Outbox,
        nextToken: Timestamp = .distantPast,
        now: ContinuousClock.Instant
    ) {
        self.channel = channel
        self.nextToken = nextToken
        self.access = access
        self.outbox = outbox
        spacing = Spacing(channel.pacing.ceiling, now: now)
        nextClaim = now
        lastSign = now
        placeSince = now
    }

    /// Nothing is in hand.
    var isIdle: Bool { queue.isEmpty && inFlight == 0 && untold.isEmpty }

    /// Requests are on their way, and the provider answers none.
    func hangs(_ limits: SendLimits, now: ContinuousClock.Instant) -> Bool {
        inFlight > 0 && now - lastSign >= limits.silence
    }

    /// Its place, and whether it needs it; nil without one.
    func seat(_ limits: SendLimits, now: ContinuousClock.Instant) -> Turns.Seat? {
        guard let placeSince else { return nil }
        let hasNothing = isClosed || due <= 0 || nextClaim > now + limits.refresh
        let state: Turns.Seat.State =
            if hangs(limits, now: now) { .hangs } else if hasNothing, queue.isEmpty { .idle } else {
                .sends
            }
        return Turns.Seat(channel: channel.id, since: placeSince, state: state)
    }

    /// How many messages to take in hand now, when `room` more requests may begin; 0 while there
    /// are enough, or a message is tried whose end decides about the rest.
    func appetite(_ room: Int, _ limits: SendLimits, now: ContinuousClock.Instant) -> Int {
        guard placeSince != nil, !isClosed, due > 0, now >= nextClaim else { return 0 }
        if channel.pacing.goesOneByOne || breaker.isTrying { return isIdle ? min(room, 1) : 0 }
        let share = max(limits.claim, inFlight)
        guard queue.count < share / 2 else { return 0 }
        // While there is no room, only as many as its provider answers will go soon.
        return max(0, min(share, due, room + answered - queue.count))
    }

    /// Plans messages for the times of their tokens. Other senders have the tokens after the last
    /// of these: what is not gone soon after its time goes back. It may be late only if no other
    /// sender took tokens since the last ones, or if the channel sends one message at a time.
    func plan(_ taken: Take.Taken, _ limits: SendLimits) {
        guard let grant = taken.grant else { return }
        answered = 0
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
                    deadline: taken.at + limits.lease - limits.leaseMargin,
                    leaseEnd: taken.at + limits.lease
                )
            )
        }
    }

    /// When the next message may go; nil when there is none.
    var nextStart: ContinuousClock.Instant? {
        queue.first.map { max($0.notBefore, spacing.next) }
    }

    func takeNext(now: ContinuousClock.Instant) -> Planned {
        let next = queue.removeFirst()
        if now <= next.notAfter { spacing.take(now: now) }
        return next
    }

    /// Nobody knows whether the last claim took effect: none of it begins, and if it did, it goes
    /// back.
    func doubtClaim(until: ContinuousClock.Instant) {
        for message in claimed {
            var doubtful = message
            doubtful.isDoubtful = true
            untold.add(unused: doubtful, until: until)
        }
        claimed = []
    }

    /// Everything in hand that has not begun goes back.
    func giveUpQueue() {
        for planned in queue { untold.add(unused: planned.message, until: planned.leaseEnd) }
        queue = []
    }

    func began(now: ContinuousClock.Instant) {
        if inFlight == 0 { lastSign = now }
        inFlight += 1
    }

    func ended(isAnswered: Bool, now: ContinuousClock.Instant) {
        inFlight -= 1
        guard isAnswered else { return }
        answered += 1
        lastSign = now
    }

    /// When the database must be told; nil while there is nothing to tell.
    func tellTime(
        _ limits: SendLimits,
        now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        untold.tellTime(limits, isLast: inFlight == 0, now: now).map { max($0, nextTell ?? $0) }
    }
}
