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
    }

    private let max: Int
    private(set) var running = 0
    private var hintedWhileRunning = false
    private var backOff = Milliseconds(0)
    private var pausedUntil = Milliseconds(0)

    private static let firstBackOff: Milliseconds = 1_000
    private static let longestBackOff: Milliseconds = 60_000

    init(max: Int) {
        self.max = max
    }

    /// How many calls to start because of `event`.
    mutating func handle(_ event: Event, now: Milliseconds) -> Int {
        switch event {
        case .hint:
            guard running == 0 else {
                hintedWhileRunning = true
                return 0
            }
            return start(1, now)
        case .depth(let ready): return start(min(ready, max) - running, now)
        case .finished(let processed, let remaining): return finish(processed, remaining, now)
        case .failed:
            running -= 1
            backOff = min(Swift.max(backOff * 2, Self.firstBackOff), Self.longestBackOff)
            pausedUntil = now + backOff
            return 0
        }
    }

    /// A batch that left work behind is followed at once; one that left more than another batch
    /// brings company.
    private mutating func finish(_ processed: Int, _ remaining: Int, _ now: Milliseconds) -> Int {
        running -= 1
        if processed > 0 { backOff = 0 }
        let wasHinted = hintedWhileRunning
        hintedWhileRunning = false
        guard remaining > 0 else { return wasHinted ? start(1, now) : 0 }
        // Nothing done of what is there: it is in other hands, or not due. Looking finds it later.
        guard processed > 0 else { return 0 }
        return start(1 + (remaining > processed ? 1 : 0), now)
    }

    private mutating func start(_ wanted: Int, _ now: Milliseconds) -> Int {
        guard now >= pausedUntil else { return 0 }
        let count = Swift.max(0, min(wanted, max - running))
        running += count
        return count
    }
}
