import EventLoop

/// Runs actions later, with one timer for all of them.
final class Agenda {
    private let loop: EventLoop
    private var queue = DueQueue<() -> Void>()
    private var timer: Timer?
    private var alarm: UInt64?

    init(on loop: EventLoop) throws(UVError) {
        self.loop = loop
        timer = try Timer(on: loop) { [unowned self] in run() }
    }

    var count: Int { queue.count }

    /// Runs `action` after the given time, at the earliest in the next turn of the loop.
    func after(_ milliseconds: Int, _ action: @escaping () -> Void) {
        guard timer != nil else { return }
        queue.insert(action, due: loop.now + UInt64(max(0, milliseconds)))
        arm()
    }

    func removeAll() {
        queue.removeAll()
        alarm = nil
        timer?.stop()
    }

    /// Closes the timer. No action runs any more.
    func close() {
        removeAll()
        timer?.close()
        timer = nil
    }

    /// Runs only the actions that were due at the start. Actions that add others cannot block the
    /// loop.
    private func run() {
        alarm = nil
        let now = loop.now
        var budget = queue.count
        while budget > 0, let action = queue.next(at: now) {
            budget -= 1
            action()
        }
        arm()
    }

    private func arm() {
        guard let due = queue.nextDue, alarm.map({ due < $0 }) ?? true else { return }
        alarm = due
        timer?.start(after: due > loop.now ? due - loop.now : 0)
    }
}
