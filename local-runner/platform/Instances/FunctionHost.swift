import EventLoop
import FunctionContract
import FunctionRuntime
import Glibc

/// Runs one function: performs the actions of its pool and reports the results to the pool.
final class FunctionHost {
    let definition: FunctionDefinition
    private(set) var pool: InstancePool
    private(set) var counters = Counters()
    /// Called with the queues that have work according to a reply.
    var onWake: (([String]) -> Void)?
    /// Called when the last instance has ended and no call waits.
    var onEmptied: (() -> Void)?
    private let loop: EventLoop
    private let console: Console
    private var instances: [InstancePool.Instance: Instance] = [:]
    /// Calls without an instance.
    private var waiting: [InstancePool.Call: Call] = [:]
    private var lastCall = 0
    private var logAllowance = LogAllowance()
    private var nextMemoryCheck: Milliseconds = 0

    private static let memoryCheckInterval: Milliseconds = 1_000

    /// Counters since the start, for metrics.
    struct Counters {
        var starts = 0
        var failedStarts = 0
        var crashes = 0
        var timeouts = 0
        var refusals = 0
        var droppedLogLines = 0
    }

    init(_ definition: FunctionDefinition, on loop: EventLoop, console: Console) {
        self.definition = definition
        self.loop = loop
        self.console = console
        pool = InstancePool(rules: InstancePool.Rules(definition.manifest))
    }

    var name: String { definition.manifest.name }
    var isEmpty: Bool { pool.isEmpty }

    /// Takes a call. The returned number lets the caller cancel it.
    @discardableResult
    func submit(_ call: Call) -> InstancePool.Call {
        lastCall += 1
        waiting[lastCall] = call
        let number = lastCall
        tell(.arrived(number, bytes: call.lineCapacity))
        return number
    }

    /// Cancels a call that nobody waits for. True: the call was still queued, and is never
    /// completed. False: it is in progress and runs to its end.
    func cancel(_ call: InstancePool.Call) -> Bool {
        guard waiting.removeValue(forKey: call) != nil else { return false }
        tell(.cancelled(call))
        return true
    }

    func tick() {
        for instance in instances.values { instance.tick(loop.now) }
        if loop.now >= nextMemoryCheck {
            nextMemoryCheck = loop.now + Self.memoryCheckInterval
            for (number, instance) in instances { checkMemory(number, instance) }
        }
        if let dropped = logAllowance.refill() {
            counters.droppedLogLines += dropped
            console.warning(
                "\(name): \(dropped) log lines dropped, more than"
                    + " \(LogAllowance.linesPerTick) lines or 1 MB came at once"
            )
        }
        tell(.tick)
    }

    /// Replaces all instances, so that further events run the executable now on disk.
    func replaceInstances() {
        tell(.replace)
    }

    func drain() {
        tell(.drain)
    }

    func killAll() {
        for instance in instances.values { instance.signalGroup(SIGKILL) }
    }
}

// MARK: - Actions of the pool

extension FunctionHost {
    private func tell(_ event: InstancePool.Event) {
        for action in pool.handle(event, now: loop.now) { perform(action) }
    }

    private func perform(_ action: InstancePool.Action) {
        switch action {
        case .start(let instance): start(instance)
        case .send(let calls, let instance): send(calls, to: instance)
        case .refuse(let call, let refusal):
            counters.refusals += 1
            waiting.removeValue(forKey: call)?.complete(.refused(refusal))
        case .fail(let call, let failure): fail(call, failure)
        case .stop(let instance): instances[instance]?.finishInput()
        case .terminate(let instance): instances[instance]?.signalGroup(SIGTERM)
        case .kill(let instance): instances[instance]?.signalGroup(SIGKILL)
        }
    }

    private func start(_ number: InstancePool.Instance) {
        counters.starts += 1
        do {
            instances[number] = try Instance(
                on: loop,
                definition.command,
                framing: definition.manifest.framing
            ) { [unowned self] in receive($0, from: number) }
        } catch {
            counters.failedStarts += 1
            console.error("\(name): cannot start: \(error.message)")
            tell(.exited(number))
        }
    }

    private func send(_ numbers: [InstancePool.Call], to number: InstancePool.Instance) {
        // A failed start has already failed its calls.
        guard let instance = instances[number] else { return }
        let calls = numbers.compactMap { number in
            waiting.removeValue(forKey: number).map { (number: number, call: $0) }
        }
        let deadline = deadline
        var writer = JSONWriter(reserving: calls.reduce(0) { $0 + $1.call.lineCapacity })
        for (number, call) in calls {
            call.write(to: &writer, due: deadline)
            instance.assignments.append(Instance.Assignment(number: number, call: call))
        }
        instance.send(calls.count, writer.bytes)
    }

    /// The deadline of an event that is handed over now.
    private var deadline: Timestamp {
        let milliseconds = Int64(definition.manifest.timeoutSeconds) * 1000
        return Timestamp(milliseconds: Timestamp.now.milliseconds + milliseconds)
    }

    private func fail(_ call: InstancePool.Call, _ failure: InstancePool.CallFailure) {
        let problem: String
        switch failure {
        case .died: problem = "the function ended before it replied"
        case .timedOut:
            counters.timeouts += 1
            problem = "no reply within \(definition.manifest.timeoutSeconds) s"
        }
        guard let failed = waiting.removeValue(forKey: call) ?? takeAssigned(call) else { return }
        console.error("\(name): \(problem)", requestID: failed.requestID)
        failed.complete(.failed(failure, problem))
    }

    /// Takes the call out of its assignment. The instance still works on it, but its reply is
    /// dropped.
    private func takeAssigned(_ call: InstancePool.Call) -> Call? {
        for instance in instances.values {
            guard let place = instance.assignments.firstIndex(where: { $0.number == call })
            else { continue }
            defer { instance.assignments[place].call = nil }
            return instance.assignments[place].call
        }
        return nil
    }
}

// MARK: - Reports of an instance

extension FunctionHost {
    private func receive(_ report: Instance.Report, from number: InstancePool.Instance) {
        guard let instance = instances[number] else { return }
        switch report {
        case .reply(let bytes, let isFollowed):
            // Otherwise the next event would be answered by the extra output after this reply.
            if isFollowed { tell(.wornOut(number)) }
            receiveReply(bytes, from: instance, number)
        case .misbehaved(let problem): discard(instance, number, problem)
        case .log(let line): if logAllowance.take(line.count) { console.relay(line, from: name) }
        case .ended(let status, let remainder): receiveEnd(status, remainder, of: instance, number)
        }
    }

    private func receiveReply(
        _ bytes: [UInt8],
        from instance: Instance,
        _ number: InstancePool.Instance
    ) {
        guard let call = instance.assignments.first?.call else {
            instance.finishAssignment()
            return tell(.replied(number))
        }
        do {
            let reply = try call.decode(bytes)
            instance.finishAssignment()
            // The instance gets its next event before this reply is delivered, so it works
            // meanwhile.
            tell(.replied(number))
            if !reply.wake.isEmpty { onWake?(reply.wake) }
            call.complete(.reply(reply))
        } catch {
            discard(
                instance,
                number,
                "wrote what is no reply to stdout (\(error.message)); logs belong on stderr"
            )
        }
    }

    /// Ends an instance that broke the protocol, and fails its calls. It gets no further event.
    private func discard(
        _ instance: Instance,
        _ number: InstancePool.Instance,
        _ problem: String
    ) {
        let calls = instance.assignments.compactMap(\.call)
        instance.assignments = []
        console.error("\(name): \(problem)", requestID: calls.first?.requestID)
        tell(.misbehaved(number))
        for call in calls { call.complete(.failed(.died, problem)) }
    }

    private func receiveEnd(
        _ status: ChildProcess.ExitStatus,
        _ remainder: [UInt8],
        of instance: Instance,
        _ number: InstancePool.Instance
    ) {
        let isReply = remainder.contains { $0 > 0x20 }
        if isReply, !instance.assignments.isEmpty,
            status.isSuccess || definition.manifest.framing == .oneShot
        {
            // The process has ended: the pool must not send it the next call after this reply.
            tell(.wornOut(number))
            receiveReply(remainder, from: instance, number)
        }
        let unanswered = instance.assignments
        if unanswered.contains(where: { $0.call != nil }) { counters.crashes += 1 }
        if !unanswered.isEmpty || !status.isSuccess { reportEnd(status, of: number) }
        tell(.exited(number))
        instances[number] = nil
        if isEmpty { onEmptied?() }
    }

    private func reportEnd(_ status: ChildProcess.ExitStatus, of number: InstancePool.Instance) {
        guard pool.instances[number]?.isStopping == false else { return }
        let how = status.signal == 0 ? "exit code \(status.code)" : "signal \(status.signal)"
        console.error("\(name): the process ended with \(how)")
    }

    /// Above its memory limit, an instance is replaced after its reply. Above twice the limit, it
    /// is ended at once.
    private func checkMemory(_ number: InstancePool.Instance, _ instance: Instance) {
        guard let bytes = residentBytes(ofProcess: instance.pid) else { return }
        let megabytes = bytes / 1_048_576
        let limit = definition.manifest.memoryMegabytes
        let excess = "it holds \(megabytes) MB where \(limit) are allowed"
        if megabytes > 2 * limit {
            console.error("\(name): ended, \(excess)")
            instance.signalGroup(SIGKILL)
        } else if megabytes > limit, pool.instances[number]?.isWornOut == false {
            console.warning("\(name): replaced after its reply, \(excess)")
            tell(.wornOut(number))
        }
    }
}
