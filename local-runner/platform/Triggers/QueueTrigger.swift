/// Decides when the function of one queue is called, and how many of its calls run at once.
///
/// A pure state machine. Hints come from replies and from looking at the queue; the work itself
/// is claimed by the function, so a hint too many costs a call and a hint too few only time.
struct QueueTrigger {
    /// What makes a trigger act.
    enum Event: Equatable {
        /// Somebody put work into the queue.
        case hint
        /// The queue was looked at: so many tasks can be claimed now.
        case depth(Int)
        case finished(processed: Int, remaining: Int)
        case failed
        case tick
    }

    /// How many calls may run at once.
    var max: Int
    private(set) var running = 0
    /// Since when there is work that no call has begun to look for yet.
    private var hintedAt: Milliseconds?
    private var failurePause = Pause(first: 1_000, longest: 60_000)
    private var idlePause = Pause(first: 100, longest: 500)

    /// How long a hint waits for a call to end, which then is followed by one that looks. Short
    /// calls are not multiplied by it, and long ones do not hold new work up.
    private static let patience: Milliseconds = 1_000

    init(max: Int) {
        self.max = max
    }

    /// How many calls to start because of `event`.
    mutating func handle(_ event: Event, now: Milliseconds) -> Int {
        switch event {
        case .hint:
            hintedAt = hintedAt ?? now
            return running == 0 ? startHinted(now) : 0
        case .depth(let ready): return start(min(ready, max) - running, now)
        case .finished(let processed, let remaining): return finish(processed, remaining, now)
        case .failed:
            running -= 1
            failurePause.lengthen(now)
            // What the call was to do is still there, and perhaps no look at the queue shows it.
            hintedAt = hintedAt ?? now
            return 0
        case .tick:
            let hasWaited = hintedAt.map { now >= $0 + Self.patience } ?? false
            return running == 0 || hasWaited ? startHinted(now) : 0
        }
    }

    /// A batch that left work behind is followed at once; one that left more than another batch
    /// brings company. One that did nothing is not: a function that wakes its own queue with every
    /// reply would never rest, and what it left is in other hands or not due.
    private mutating func finish(_ processed: Int, _ remaining: Int, _ now: Milliseconds) -> Int {
        running -= 1
        failurePause.reset()
        guard processed > 0 else {
            idlePause.lengthen(now)
            return startHinted(now)
        }
        idlePause.reset()
        guard remaining > 0 else { return startHinted(now) }
        return start(remaining > processed ? 2 : 1, now)
    }

    private mutating func startHinted(_ now: Milliseconds) -> Int {
        hintedAt == nil ? 0 : start(1, now)
    }

    /// During a pause nothing, and after failures one call first, which finds out.
    private mutating func start(_ wanted: Int, _ now: Milliseconds) -> Int {
        guard failurePause.isOver(now), idlePause.isOver(now) else { return 0 }
        let limit = failurePause.isNeeded ? 1 : max
        let count = Swift.max(0, min(wanted, limit - running))
        running += count
        if count > 0 { hintedAt = nil }
        return count
    }
}
