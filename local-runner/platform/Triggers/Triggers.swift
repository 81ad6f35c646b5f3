import EventLoop
import FunctionContract

/// All triggers besides HTTP: schedules, queues and stored invocations. All are stored in the
/// database, so there are none without one.
final class Triggers {
    let invocations: Invocations
    private let store: Store
    private let scheduler: Scheduler
    private let queues: Queues

    init(_ store: Store, on loop: EventLoop, runner: String, console: Console) {
        self.store = store
        scheduler = Scheduler(store, on: loop, runner: runner, console: console)
        queues = Queues(store, on: loop, console: console)
        invocations = Invocations(store, on: loop, console: console)
    }

    /// Calls these functions from now on, and follows the queue hints in their replies.
    func adopt(_ hosts: [FunctionHost]) {
        scheduler.adopt(hosts)
        queues.adopt(hosts)
        invocations.adopt(hosts)
        for host in hosts { host.onWake = { [unowned self] in queues.wake($0) } }
    }

    /// Asks for the health of the database and of its queues.
    func askHealth(_ completion: @escaping (Store.Answer) -> Void) {
        store.call("GET", "/health", .null, completion)
    }

    func tick() {
        scheduler.tick()
        queues.tick()
        invocations.tick()
        store.tick()
    }

    /// Starts no more calls. Results of running calls are still recorded.
    func stop() {
        scheduler.stop()
        queues.stop()
        invocations.stop()
    }

    /// Ends the store process once its open requests are done.
    func drain() { store.drain() }
    /// Calls `action` when the store process has ended.
    func onEmptied(_ action: @escaping () -> Void) { store.onEmptied(action) }

    /// Whether a claim is in progress, so that claimed work may still arrive.
    var isAsking: Bool { scheduler.isAsking || invocations.isAsking }
    var isSettled: Bool { scheduler.isSettled && invocations.isSettled }
    /// Results that the store has not recorded.
    var unrecordedCount: Int { scheduler.unrecordedCount + invocations.unrecordedCount }
    var isEmpty: Bool { store.isEmpty }
    func killAll() { store.killAll() }
}
