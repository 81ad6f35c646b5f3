import EventLoop
import FunctionContract
import FunctionRuntime

/// Calls the functions of queues with work: at once after a hint in a reply, otherwise after a poll
/// of all queues.
final class Queues {
    private var entries: [String: Entry] = [:]
    private let store: Store
    private let console: Console
    private let loop: EventLoop
    private var interval = PollingInterval()
    private var lookAt: Milliseconds = 0
    private var isLooking = false
    private var isStopped = false
    private var ids = RequestIDs()

    private static let retryWait: Milliseconds = 5_000

    private struct Entry {
        var host: FunctionHost
        var trigger: QueueTrigger
    }

    init(_ store: Store, on loop: EventLoop, console: Console) {
        self.store = store
        self.loop = loop
        self.console = console
    }

    /// Serves the queues of `hosts`. A queue that was served before keeps its count of running
    /// calls.
    func adopt(_ hosts: [FunctionHost]) {
        let former = entries
        entries = [:]
        for host in hosts {
            for queue in host.definition.manifest.queues {
                let max = host.definition.manifest.concurrency.max
                var trigger = former[queue]?.trigger ?? QueueTrigger(max: max)
                trigger.max = max
                entries[queue] = Entry(host: host, trigger: trigger)
            }
        }
        lookAt = 0
    }

    func stop() { isStopped = true }

    func wake(_ queues: [String]) {
        for queue in queues { tell(queue, .hint) }
        interval.reset()
    }

    func tick() {
        for queue in entries.keys.sorted() { tell(queue, .tick) }
        guard !entries.isEmpty, !isLooking, !isStopped, loop.now >= lookAt else { return }
        isLooking = true
        lookAt = .max
        let names = entries.keys.sorted().map { JSON.string($0) }
        store.call("POST", "/queues/look", ["queues": .array(names)]) { [unowned self] in
            didLook($0)
        }
    }

    private func didLook(_ answer: Store.Answer) {
        isLooking = false
        switch answer {
        case .failure(let error):
            console.error("queues: \(error.message); looking again in 5 s")
            lookAt = min(lookAt, loop.now + Self.retryWait)
        case .success(let json):
            var found = false
            for queue in json["queues"]?.array ?? [] {
                guard let name = queue["name"]?.string, let ready = queue["ready"]?.integer,
                    ready > 0
                else { continue }
                found = true
                tell(name, .depth(ready))
            }
            let due = json["nextInMilliseconds"]?.integer.map { Milliseconds(max(0, $0)) }
            lookAt = min(lookAt, loop.now + interval.next(foundWork: found, dueIn: due))
        }
    }

    private func tell(_ queue: String, _ event: QueueTrigger.Event) {
        guard !isStopped, var entry = entries.removeValue(forKey: queue) else { return }
        let count = entry.trigger.handle(event, now: loop.now)
        entries[queue] = entry
        for _ in 0..<count { call(queue, entry.host) }
    }

    private func call(_ queue: String, _ host: FunctionHost) {
        var event = CloudEvent(
            id: ids.next(),
            source: "/queues/\(queue)",
            type: CloudEvent.queueReady
        )
        event.subject = queue
        event.data = ["queue": .string(queue)]
        host.submit(
            Call(.cloud(event)) { [unowned self] outcome in didCall(queue, outcome) }
        )
    }

    /// Tasks of this call may be due again later. The next poll finds out when.
    private func didCall(_ queue: String, _ outcome: Call.Outcome) {
        lookAt = min(lookAt, loop.now + PollingInterval.shortest)
        if case .reply(.batch(let reply)) = outcome {
            tell(queue, .finished(processed: reply.processed, remaining: reply.remaining))
        } else {
            console.error("queue \(queue): \(outcome.failure ?? "no usable reply")")
            tell(queue, .failed)
        }
    }
}
