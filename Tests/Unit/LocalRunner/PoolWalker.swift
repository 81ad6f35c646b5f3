@testable import LocalRunner
import SeededRandom

/// Leads a pool through events that could happen in this order and notes every promise it breaks.
final class PoolWalker {
    private(set) var broken: [String] = []
    private(set) var outcomes = [
        "reply": 0, "died": 0, "timedOut": 0, "queueFull": 0, "waitedTooLong": 0, "draining": 0,
        "cancelled": 0,
    ]
    private var pool: InstancePool
    private var random: SeededRandom
    private var now: Milliseconds = 0
    private var lastCall = 0
    private var isDraining = false
    /// The calls without an outcome; nil while they wait, else the instance that has them.
    private var open: [Int: Int?] = [:]
    /// The processes that run, each with the calls that it has in hand.
    private var running: [Int: [Int]] = [:]
    /// Those that were asked to end.
    private var ending: Set<Int> = []

    init(seed: UInt64, batch: Int) {
        random = SeededRandom(seed: seed)
        pool = InstancePool(
            rules: .sample {
                $0.max = 3
                $0.batch = batch
                $0.prewarmed = 1
                $0.queueLimit = 4
                $0.recycleAfter = 6
                $0.idleTime = 2_000
            }
        )
    }

    /// Lets one thing happen.
    func step() {
        switch random.next() % 24 {
        case 0..<9: arrive()
        case 9..<14: reply()
        case 14: exit()
        case 15: misbehave()
        case 16: if let call = open.keys.sorted().randomElement(using: &random) { cancel(call) }
        case 17: if let instance = anyRunning() { tell(.wornOut(instance)) }
        case 18: if random.next() % 8 == 0 { tell(.replace) }
        default:
            now += random.next() % 200
            tell(.tick)
        }
    }

    /// Drains, ends every process that was asked to end, and looks for what is left.
    func finish() {
        isDraining = true
        tell(.drain)
        arrive()
        for _ in 0..<1_000 where !pool.isEmpty {
            for instance in ending.sorted() { exit(of: instance) }
            now += 100
            tell(.tick)
        }
        expect(pool.isEmpty && running.isEmpty, "after draining something is left")
        expect(open.isEmpty, "calls without an outcome: \(open)")
    }
}

// MARK: - What happens

extension PoolWalker {
    private func arrive() {
        lastCall += 1
        open[lastCall] = .some(nil)
        tell(.arrived(lastCall))
    }

    private func reply() {
        guard let instance = anyBusy() else { return }
        end(running[instance]?.removeFirst(), "reply")
        tell(.replied(instance))
    }

    private func misbehave() {
        guard let instance = anyRunning() else { return }
        // Calls are failed by whoever saw the garbage, not by the pool.
        for call in running[instance] ?? [] { end(call, "died") }
        running[instance] = []
        tell(.misbehaved(instance))
    }

    private func exit() {
        if let instance = anyRunning() { exit(of: instance) }
    }

    private func exit(of instance: Int) {
        tell(.exited(instance))
        running[instance] = nil
        ending.remove(instance)
    }

    private func cancel(_ call: Int) {
        if case .some(.none) = open[call] { end(call, "cancelled") }
        tell(.cancelled(call))
    }

    private func anyRunning() -> Int? {
        running.keys.sorted().randomElement(using: &random)
    }

    private func anyBusy() -> Int? {
        running.filter { !$0.value.isEmpty }.keys.sorted().randomElement(using: &random)
    }
}

// MARK: - What must hold

extension PoolWalker {
    private func tell(_ event: InstancePool.Event) {
        for action in pool.handle(event, now: now) { perform(action) }
        let live = pool.instances.values.count { !$0.isStopping }
        expect(live <= pool.rules.max, "\(live) instances live")
        expect(pool.instances.count <= 2 * pool.rules.max, "\(pool.instances.count) processes")
        expect(pool.waitingCount <= pool.rules.queueLimit, "\(pool.waitingCount) wait")
        let waiting = open.values.count { $0 == nil }
        expect(pool.waitingCount == waiting, "\(pool.waitingCount) of \(waiting) wait")
    }

    private func perform(_ action: InstancePool.Action) {
        switch action {
        case .start(let instance):
            expect(running.updateValue([], forKey: instance) == nil, "\(instance) started twice")
        case .send(let calls, let instance): send(calls, to: instance)
        case .refuse(let call, let refusal):
            expect(open[call] == .some(nil), "\(call) refused but not waiting")
            end(call, "\(refusal)")
        case .fail(let call, let failure):
            expect(open[call] != .some(nil), "\(call) failed but never sent")
            if case .some(.some(let instance)) = open[call] {
                running[instance]?.removeAll { $0 == call }
            }
            end(call, "\(failure)")
        case .stop(let instance), .terminate(let instance), .kill(let instance):
            expect(running[instance] != nil, "\(instance) ended but not running")
            expect(running[instance] == [], "\(instance) ended with calls in hand")
            ending.insert(instance)
        }
    }

    private func send(_ calls: [Int], to instance: Int) {
        expect(calls.allSatisfy { open[$0] == .some(nil) }, "\(calls) sent but not waiting")
        expect(1...pool.rules.batch ~= calls.count, "\(calls) are no batch")
        expect(running[instance] == [], "\(instance) is busy or not running")
        expect(!ending.contains(instance), "\(instance) is on its way out")
        for call in calls { open[call] = instance }
        running[instance] = calls
    }

    private func end(_ call: Int?, _ outcome: String) {
        guard let call else { return }
        expect(open.removeValue(forKey: call) != nil, "\(call) has two outcomes")
        outcomes[outcome, default: 0] += 1
    }

    private func expect(_ holds: Bool, _ promise: @autoclosure () -> String) {
        if !holds { broken.append("at \(now): \(promise())") }
    }
}
