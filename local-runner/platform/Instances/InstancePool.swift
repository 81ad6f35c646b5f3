import FunctionContract

/// Decides which processes of one function run, and which event goes to which of them.
///
/// A pure state machine: an event goes in with the time, actions come out. It knows neither
/// processes nor clocks, so every rule is a row in a test.
struct InstancePool {
    /// One event in the pool.
    typealias Call = Int
    /// One process, numbered by the pool.
    typealias Instance = Int

    private(set) var instances: [Instance: State] = [:]
    private var idle: [Instance] = []
    private var waiting = WaitingLine()
    private var backOff = CrashBackOff()
    private var lastInstance = 0
    private var isDraining = false
    let rules: Rules

    init(rules: Rules) {
        self.rules = rules
    }

    var busyCount: Int { instances.values.count { $0.isBusy } }
    var waitingCount: Int { waiting.count }
    /// The calls without a result, in progress or waiting.
    var openCallCount: Int { instances.values.reduce(waiting.count) { $0 + $1.calls.count } }
    var isEmpty: Bool { instances.isEmpty && waiting.isEmpty }

    mutating func handle(_ event: Event, now: Milliseconds) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .arrived(let call, let bytes): arrive(call, bytes, now, &actions)
        case .replied(let instance): finish(instance, now, &actions)
        case .misbehaved(let instance): distrust(instance, now, &actions)
        case .exited(let instance): exit(instance, now, &actions)
        case .cancelled(let call): waiting.remove(call)
        case .wornOut(let instance): wearOut(instance, now, &actions)
        case .tick: tick(now, &actions)
        case .replace: replace(now, &actions)
        case .drain: drain(now, &actions)
        }
        return actions
    }
}

// MARK: - Events

extension InstancePool {
    private mutating func arrive(
        _ call: Call,
        _ bytes: Int,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        if isDraining { return actions.append(.refuse(call, .draining)) }
        if let instance = idle.popLast() { return send([call], to: instance, now, &actions) }
        // Starts may be possible again. Calls that already wait get them before this one.
        startForWaiting(now, &actions)
        if canStart(now) { return send([call], to: start(now, &actions), now, &actions) }
        let isTooLong = !waiting.isEmpty && waiting.bytes + bytes > Rules.queueBytes
        guard waiting.count < rules.queueLimit, !isTooLong else {
            return actions.append(.refuse(call, .queueFull))
        }
        waiting.append(call, bytes: bytes, until: now + rules.queueTime)
    }

    private mutating func finish(
        _ instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        switch state(of: instance).phase {
        case .busy: break
        // The deadline has passed, so this reply is too late.
        case .stopping: return
        case .idle: preconditionFailure("instance \(instance) replied and had nothing to do")
        }
        backOff.reset()
        let state = change(instance) { state in
            state.finishFirstCall()
            return state
        }
        guard state.calls.isEmpty else { return }
        if !state.isWornOut, state.served < rules.recycleAfter {
            if !waiting.isEmpty { return sendWaiting(to: instance, now, &actions) }
            change(instance) { $0.phase = .idle(since: now) }
            idle.append(instance)
            if isDraining { stop(instance, now, &actions) }
            return
        }
        stop(instance, now, &actions)
        startForWaiting(now, &actions)
    }

    /// Ends an instance that broke the protocol. The caller fails its calls. The instance gets no
    /// further event, even when it was idle.
    private mutating func distrust(
        _ instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        guard !state(of: instance).isStopping else { return }
        backOff.crashed(now)
        terminate(instance, now, &actions)
        startForWaiting(now, &actions)
    }

    private mutating func exit(
        _ instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        let state = state(of: instance)
        instances[instance] = nil
        idle.removeAll { $0 == instance }
        for call in state.calls { actions.append(.fail(call, .died)) }
        switch state.phase {
        case .busy, .idle: backOff.crashed(now)
        case .stopping: break
        }
        startForWaiting(now, &actions)
    }

    private mutating func tick(_ now: Milliseconds, _ actions: inout [Action]) {
        for call in waiting.popExpired(now) { actions.append(.refuse(call, .waitedTooLong)) }
        for (instance, state) in instances.sorted(by: { $0.key < $1.key }) {
            switch state.phase {
            case .busy(let deadline) where deadline <= now:
                for call in state.calls { actions.append(.fail(call, .timedOut)) }
                terminate(instance, now, &actions)
            case .stopping(let deadline, let isTerminated) where deadline <= now:
                if isTerminated {
                    change(instance) { $0.phase = .stopping(until: .max, isTerminated: true) }
                    actions.append(.kill(instance))
                } else {
                    terminate(instance, now, &actions)
                }
            case .idle(let since)
            where since + rules.idleTime <= now && liveCount > rules.prewarmed:
                stop(instance, now, &actions)
            case .busy, .idle, .stopping: continue
            }
        }
        startForWaiting(now, &actions)
        prewarm(now, &actions)
    }

    /// Stops a busy instance after its last reply, an idle one now.
    private mutating func wearOut(
        _ instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        change(instance) { $0.isWornOut = true }
        if idle.contains(instance) { stop(instance, now, &actions) }
    }

    /// The executable has changed: idle instances stop now, busy ones after their last reply.
    private mutating func replace(_ now: Milliseconds, _ actions: inout [Action]) {
        backOff.reset()
        for instance in instances.keys.sorted() { change(instance) { $0.isWornOut = true } }
        for instance in idle { stop(instance, now, &actions) }
        prewarm(now, &actions)
    }

    private mutating func drain(_ now: Milliseconds, _ actions: inout [Action]) {
        isDraining = true
        for instance in idle { stop(instance, now, &actions) }
    }
}

// MARK: - Actions

extension InstancePool {
    /// The state of a known instance. An unknown one is a programmer's error, which would otherwise
    /// leave a call without a result.
    private func state(of instance: Instance) -> State {
        guard let state = instances[instance] else {
            preconditionFailure("the pool has no instance \(instance)")
        }
        return state
    }

    @discardableResult
    private mutating func change<Result>(
        _ instance: Instance,
        _ change: (inout State) -> Result
    ) -> Result {
        guard let place = instances.index(forKey: instance) else {
            preconditionFailure("the pool has no instance \(instance)")
        }
        return change(&instances.values[place])
    }

    /// As many instances again may be stopping, so that a slow end does not delay a start. Without
    /// this limit, a function that refuses to end would fill the machine.
    private func canStart(_ now: Milliseconds) -> Bool {
        liveCount < rules.max && instances.count < 2 * rules.max && backOff.allows(now)
    }

    /// Instances that are not stopping. A stopping one no longer counts against `max`.
    private var liveCount: Int { instances.values.count { !$0.isStopping } }

    private mutating func start(_ now: Milliseconds, _ actions: inout [Action]) -> Instance {
        lastInstance += 1
        instances[lastInstance] = State(phase: .idle(since: now))
        actions.append(.start(lastInstance))
        return lastInstance
    }

    private mutating func send(
        _ calls: [Call],
        to instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        let deadline = now + rules.timeout
        change(instance) { $0.take(calls, until: deadline) }
        actions.append(.send(calls, instance))
    }

    /// Sends as many calls as a batch may hold and as the instance may still take before it is
    /// recycled.
    private mutating func sendWaiting(
        to instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        let most = min(rules.batch, rules.recycleAfter - state(of: instance).served)
        let calls = waiting.popFirst(most, bytes: Rules.batchBytes)
        send(calls, to: instance, now, &actions)
    }

    private mutating func startForWaiting(_ now: Milliseconds, _ actions: inout [Action]) {
        while !waiting.isEmpty, canStart(now) {
            sendWaiting(to: start(now, &actions), now, &actions)
        }
    }

    private mutating func prewarm(_ now: Milliseconds, _ actions: inout [Action]) {
        guard !isDraining else { return }
        while liveCount < rules.prewarmed, canStart(now) { idle.append(start(now, &actions)) }
    }

    /// Stops an instance by closing its stdin. It may finish its current calls.
    private mutating func stop(
        _ instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        idle.removeAll { $0 == instance }
        let deadline = now + rules.grace
        change(instance) { $0.stop(until: deadline) }
        actions.append(.stop(instance))
    }

    private mutating func terminate(
        _ instance: Instance,
        _ now: Milliseconds,
        _ actions: inout [Action]
    ) {
        idle.removeAll { $0 == instance }
        let deadline = now + rules.grace
        change(instance) { $0.terminate(until: deadline) }
        actions.append(.terminate(instance))
    }
}
