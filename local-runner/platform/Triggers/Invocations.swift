import EventLoop
import FunctionContract
import FunctionRuntime

/// Asynchronous invocation. An event is stored before the caller gets an answer. Its function is
/// then called until it succeeds, the event is too old, or it has failed too often.
final class Invocations {
    private var entries: [String: Entry] = [:]
    private let store: Store
    private let reports: Reports
    private let console: Console
    private let loop: EventLoop
    private var interval = PollingInterval()
    private var claimAt: Milliseconds = 0
    private var isClaiming = false
    private var isStopped = false
    private var inFlight = 0

    private static let retryWait: Milliseconds = 5_000
    /// How long a function without room is skipped. Another runner may have room.
    private static let refusalWait: Milliseconds = 1_000
    /// The part of a lease beyond waiting and running, for recording the result.
    private static let leaseMarginSeconds = 60

    private struct Entry {
        let host: FunctionHost
        var inFlight = 0
        var restsUntil: Milliseconds = 0
    }

    init(_ store: Store, on loop: EventLoop, console: Console) {
        self.store = store
        self.loop = loop
        self.console = console
        reports = Reports(
            to: "/invocations/finish",
            of: store,
            on: loop,
            "invocations",
            console: console
        )
    }

    func adopt(_ hosts: [FunctionHost]) {
        let former = entries
        entries = [:]
        for host in hosts {
            entries[host.name] = Entry(host: host, inFlight: former[host.name]?.inFlight ?? 0)
        }
        claimAt = 0
    }

    /// Whether the store has recorded the result of everything that was claimed.
    var isSettled: Bool { !isClaiming && inFlight == 0 && reports.count == 0 }
    /// Whether a claim is in progress, so that events may still arrive.
    var isAsking: Bool { isClaiming }

    func stop() { isStopped = true }

    var unrecordedCount: Int { reports.count }

    /// Stores an event for `function`. The answer comes once it is committed.
    func take(
        _ event: Event,
        for function: String,
        _ completion: @escaping (Store.Answer) -> Void
    ) {
        let body: JSON = [
            "function": .string(function),
            "event": .string(String(decoding: event.bytes, as: UTF8.self)),
        ]
        store.call("POST", "/invocations", body) { [unowned self] answer in
            completion(answer)
            if case .success = answer { claimNow() }
        }
    }

    func tick() {
        reports.tick()
        guard !isClaiming, !isStopped, loop.now >= claimAt else { return }
        let functions = entries.values.filter { room(in: $0) > 0 }.map { entry in
            question(entry.host.definition.manifest, room(in: entry))
        }
        guard !functions.isEmpty else { return }
        isClaiming = true
        claimAt = .max
        store.call("POST", "/invocations/claim", ["functions": .array(functions)]) {
            [unowned self] in didClaim($0)
        }
    }

    /// Claims now, or as soon as the claim in progress has ended.
    private func claimNow() {
        claimAt = loop.now
        tick()
    }

    /// As many invocations as can run at once. Others would only wait here, unavailable to other
    /// runners, and their leases might end first.
    private func room(in entry: Entry) -> Int {
        guard loop.now >= entry.restsUntil else { return 0 }
        return entry.host.definition.manifest.concurrency.max - entry.inFlight
    }

    private func question(_ manifest: Manifest, _ limit: Int) -> JSON {
        let lease =
            manifest.concurrency.queueSeconds + manifest.timeoutSeconds + Self.leaseMarginSeconds
        return [
            "name": .string(manifest.name), "limit": .integer(limit),
            "leaseSeconds": .integer(lease),
        ]
    }

    private func didClaim(_ answer: Store.Answer) {
        isClaiming = false
        switch answer {
        case .failure(let error):
            console.error("invocations: \(error.message); looking again in 5 s")
            claimAt = min(claimAt, loop.now + Self.retryWait)
        case .success(let json):
            let claimed = json["invocations"]?.array ?? []
            let due = json["nextInMilliseconds"]?.integer.map { Milliseconds(max(0, $0)) }
            let wait = interval.next(foundWork: !claimed.isEmpty, dueIn: due)
            claimAt = min(claimAt, loop.now + (claimed.isEmpty ? wait : 0))
            for invocation in claimed { call(invocation) }
        }
    }

    private func call(_ invocation: JSON) {
        guard let name = invocation["function"]?.string, let host = entries[name]?.host,
            let text = invocation["event"]?.string, let event = try? Event.decode(Array(text.utf8))
        else { return record(invocation, .failure("the stored event cannot be read")) }
        inFlight += 1
        entries[name]?.inFlight += 1
        host.submit(Call(event) { [unowned self] in didCall(invocation, name, $0) })
    }

    private func didCall(_ invocation: JSON, _ name: String, _ outcome: Call.Outcome) {
        inFlight -= 1
        entries[name]?.inFlight -= 1
        if case .refused = outcome {
            entries[name]?.restsUntil = loop.now + Self.refusalWait
            record(invocation, .notTried)
        } else {
            record(invocation, outcome.failure.map { .failure($0) } ?? .done)
        }
        if !isStopped { claimNow() }
    }

    private enum Result {
        case done
        /// Returned to the queue as if it had never been claimed.
        case notTried
        case failure(String)
    }

    private func record(_ invocation: JSON, _ result: Result) {
        var report = JSONObject([
            ("id", invocation["id"] ?? .null), ("token", invocation["token"] ?? .null),
            ("attempt", invocation["attempt"] ?? .null),
        ])
        switch result {
        case .done: break
        case .notTried: report["notTried"] = true
        case .failure(let problem):
            console.warning("\(invocation["function"]?.string ?? "?"): invocation \(problem)")
            report["error"] = .string(problem)
        }
        reports.add(.object(report))
    }
}
