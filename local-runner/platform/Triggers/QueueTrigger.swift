/// Decides when the function of one queue is called, and how many of its calls run at once.
///
/// A pure state machine. Hints come from replies and from polling the queue. The function itself
/// claims the work: a superfluous hint costs one call, a missing one only time.
struct QueueTrigger {
    /// The events that a trigger handles.
    enum Event: Equatable {
        /// Work was added to the queue.
        case hint
        /// A poll found this many tasks that can be claimed now.
        case depth(Int)
        case finished(processed: Int, remaining: Int)
        case failed
        case tick
    }

    /// The most calls that may run at once.
    var max: Int
    private(set) var running = 0
    /// The time of the oldest hint that no call has followed yet.
    private var hintedAt: Milliseconds?
    private var failurePause = Pause(first: 1_000, longest: 60_000)
    private var idlePause = Pause(first: 100, longest: 500)

    /// How long a hint waits for a running call to end before it starts a second one. Hints during
    /// a short call cost one call in all, and a long call does not delay new work.
    private static let patience: Milliseconds = 1_000

    init(max: Int) {
        self.max = max
    }

    /// The number of calls to start after `event`.
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
            // The failed call's work is still in the queue, and a poll may not show it.
            hintedAt = hintedAt ?? now
            return 0
        case .tick:
            let hasWaited = hintedAt.map { now >= $0 + Self.patience } ?? false
            return running == 0 || hasWaited ? startHinted(now) : 0
        }
    }

    /// A batch that left work behind is followed by another call at once, and by two when it left
    /// more than it did. A call that did nothing is not followed at once. Its remaining tasks are
    /// claimed elsewhere or not due, and a function that wakes its own queue would never rest.
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

    /// Starts nothing during a pause. After a failure it starts one call only, as a test.
    private mutating func start(_ wanted: Int, _ now: Milliseconds) -> Int {
        guard failurePause.isOver(now), idlePause.isOver(now) else { return 0 }
        let limit = failurePause.isNeeded ? 1 : max
        let count = Swift.max(0, min(wanted, limit - running))
        running += count
        if count > 0 { hintedAt = nil }
        return count
    }
}
