internal import Accounts
internal import Messages
internal import Database
internal import FunctionContract
internal import HTTPClient
internal import Providers
internal import Work

/// One channel during a run: its claimed messages, and when it may claim more.
final class Lane {
    /// A claimed message and its time window.
    struct Planned {
        let message: ClaimedMessage
        let notBefore: ContinuousClock.Instant
        /// After this the token is no longer valid: other senders may hold those that follow it.
        let notAfter: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant
        /// When our lease on the message ends.
        let leaseEnd: ContinuousClock.Instant
    }

    let channel: Channel
    let access: ChannelAccess
    let outbox: Outbox
    /// Sorted by `notBefore`.
    private(set) var queue: ArraySlice<Planned> = []
    private(set) var inFlight = 0
    /// Results that are not recorded yet.
    var untold = Untold()
    /// Nothing is recorded before this: the last recording failed on a temporary error.
    var nextTell: ContinuousClock.Instant?
    private var spacing: Spacing
    /// When the next token is due if no other sender takes one.
    private(set) var nextToken: Timestamp
    /// Requests that were answered since the last claim.
    private var answered = 0
    /// The time of the last answer; without one, when the first request in flight began.
    private var lastSign: ContinuousClock.Instant
    var templates: [UUID: TemplateForm] = [:]
    var breaker = Breaker(failures: 0)
    /// Whether senders could not serve the channel the last time.
    var hadObstacles = false
    /// The messages of the last claim, set before its commit is confirmed.
    var claimed: [ClaimedMessage] = []
    /// The last grants of the workspace's month and the channel's day.
    var month: MonthlyUsage?
    var day: Allotment?
    /// Due messages; the count has a limit.
    var due = 0
    /// Nothing can be claimed before this.
    var nextClaim: ContinuousClock.Instant
    /// The lane can claim nothing more until its channel's state changes.
    var isClosed = false
    /// When the lane got its place. Without a place it claims nothing more.
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

    /// Whether the lane has no message queued, in flight or unrecorded.
    var isIdle: Bool { queue.isEmpty && inFlight == 0 && untold.isEmpty }

    /// Whether requests are in flight and the provider answers none of them.
    func hangs(_ limits: SendLimits, now: ContinuousClock.Instant) -> Bool {
        inFlight > 0 && now - lastSign >= limits.silence
    }

    /// The lane's place and whether it needs it; nil without a place.
    func seat(_ limits: SendLimits, now: ContinuousClock.Instant) -> Turns.Seat? {
        guard let placeSince else { return nil }
        let hasNothing = isClosed || due <= 0 || nextClaim > now + limits.refresh
        let state: Turns.Seat.State =
            if hangs(limits, now: now) { .hangs } else if hasNothing, queue.isEmpty { .idle } else {
                .sends
            }
        return Turns.Seat(channel: channel.id, since: placeSince, state: state)
    }

    /// How many messages to claim now, when `room` more requests may begin. Returns 0 while enough
    /// are queued, or while a trial message decides about the rest.
    func appetite(_ room: Int, _ limits: SendLimits, now: ContinuousClock.Instant) -> Int {
        guard placeSince != nil, !isClosed, due > 0, now >= nextClaim else { return 0 }
        if channel.pacing.goesOneByOne || breaker.isTrying { return isIdle ? min(room, 1) : 0 }
        let share = max(limits.claim, inFlight)
        guard queue.count < share / 2 else { return 0 }
        // Without room, the lane claims only as many as its provider answers: only those will go
        // soon.
        return max(0, min(share, due, room + answered - queue.count))
    }

    /// Queues each message for the time of its token. Other senders hold the tokens after the last
    /// of these, so a message that misses its window is given back.
    ///
    /// A message may be late in two cases only: no other sender took tokens since our last claim,
    /// or the channel sends one message at a time.
    func plan(_ taken: Take.Taken, _ limits: SendLimits) {
        guard let grant = taken.grant else { return }
        answered = 0
        let isFirst = nextToken == .distantPast
        let findsThemAsLeft = !isFirst && grant.time(of: 0) <= max(nextToken, grant.takenAt)
        let isAlone = channel.pacing.goesOneByOne || findsThemAsLeft
        nextToken = grant.nextAt
        // A whole interval late, the last message would collide with another sender's first.
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

    /// When the next queued message may go; nil when the queue is empty.
    var nextStart: ContinuousClock.Instant? {
        queue.first.map { max($0.notBefore, spacing.next) }
    }

    func takeNext(now: ContinuousClock.Instant) -> Planned {
        let next = queue.removeFirst()
        if now <= next.notAfter { spacing.take(now: now) }
        return next
    }

    /// The commit of the last claim is uncertain. None of its messages begins; if the claim took
    /// effect, they are released.
    func doubtClaim(until: ContinuousClock.Instant) {
        for message in claimed {
            var doubtful = message
            doubtful.isDoubtful = true
            untold.add(unused: doubtful, until: until)
        }
        claimed = []
    }

    /// Gives back all queued messages.
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

    /// When to record results; nil while there is nothing to record.
    func tellTime(
        _ limits: SendLimits,
        now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        untold.tellTime(limits, isLast: inFlight == 0, now: now).map { max($0, nextTell ?? $0) }
    }
}
