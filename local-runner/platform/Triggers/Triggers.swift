import EventLoop
import FunctionContract

/// Everything that calls functions besides HTTP: the clock, the queues and stored invocations.
/// All of it stands in the database, so there is none of it without one.
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

    /// Calls these functions from now on, and hears from them which queues have work.
    func adopt(_ hosts: [FunctionHost]) {
        scheduler.adopt(hosts)
        queues.adopt(hosts)
        invocations.adopt(hosts)
        for host in hosts { host.onWake = { [unowned self] in queues.wake($0) } }
    }

    /// Asks the database how it and its queues are.
    func askHealth(_ completion: @escaping (Store.Answer) -> Void) {
        store.call("GET", "/health", .null, completion)
    }

    func tick() {
        scheduler.tick()
        queues.tick()
        invocations.tick()
        store.tick()
    }

    /// Starts no more calls; those that run are still recorded.
    func stop() {
        scheduler.stop()
        queues.stop()
        invocations.stop()
    }

    /// Lets the store go once everything that it must know has been told.
    func drain() { store.drain() }
    /// What to do when it has gone.
    func onEmptied(_ action: @escaping () -> Void) { store.onEmptied(action) }

    /// Whether the store may still hand us work that it has written down as ours.
    var isAsking: Bool { scheduler.isAsking || invocations.isAsking }
    var isSettled: Bool { scheduler.isSettled && invocations.isSettled }
    /// What has been done and the store has not heard of.
    var unrecordedCount: Int { scheduler.unrecordedCount + invocations.unrecordedCount }
    var isEmpty: Bool { store.isEmpty }
    func killAll() { store.killAll() }
}
