import EventLoop
import FunctionContract
import FunctionRuntime

/// Asynchronous invocation: an event is stored before anybody is told that it was taken, then
/// handed to its function until it succeeds, is too old, or has failed too often.
final class Invocations {
    private var hosts: [String: FunctionHost] = [:]
    private let store: Store
    private let console: Console
    private let loop: EventLoop
    private var interval = PollingInterval()
    private var claimAt: Milliseconds = 0
    private var isClaiming = false
    private var isStopped = false
    private var inFlight = 0
    private var results: [JSON] = []

    /// Claimed and not yet finished, at most: what is lost to other runners while we are slow.
    private static let inFlightLimit = 64
    private static let retryWait: Milliseconds = 5_000

    init(_ store: Store, on loop: EventLoop, console: Console) {
        self.store = store
        self.loop = loop
        self.console = console
    }

    func adopt(_ hosts: [FunctionHost]) {
        self.hosts = Dictionary(uniqueKeysWithValues: hosts.map { ($0.name, $0) })
    }

    /// Whether every result has been handed to the store.
    var isSettled: Bool { inFlight == 0 && results.isEmpty }

    func stop() { isStopped = true }

    /// Stores an event for `function`; the answer comes once it is committed.
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
            if case .success = answer { claimAt = loop.now }
            completion(answer)
        }
    }

    func tick() {
        flush()
        guard !isClaiming, !isStopped, loop.now >= claimAt, inFlight < Self.inFlightLimit
        else { return }
        isClaiming = true
        let functions = hosts.values.map { host in
            JSONObject([
                ("name", .string(host.name)),
                ("timeoutSeconds", .integer(host.definition.manifest.timeoutSeconds)),
            ])
        }
        let question: JSON = [
            "functions": .array(functions.map { .object($0) }),
            "limit": .integer(Self.inFlightLimit - inFlight),
        ]
        store.call("POST", "/invocations/claim", question) { [unowned self] in didClaim($0) }
    }

    private func didClaim(_ answer: Store.Answer) {
        isClaiming = false
        switch answer {
        case .failure(let error):
            console.error("invocations: \(error.message); looking again in 5 s")
            claimAt = loop.now + Self.retryWait
        case .success(let json):
            let claimed = json["invocations"]?.array ?? []
            for invocation in claimed { call(invocation) }
            let due = json["nextInMilliseconds"]?.integer.map { Milliseconds(max(0, $0)) }
            claimAt = loop.now + (claimed.isEmpty ? interval.next(foundWork: false, dueIn: due) : 0)
            if !claimed.isEmpty { interval.reset() }
        }
    }

    private func call(_ invocation: JSON) {
        guard let name = invocation["function"]?.string, let host = hosts[name],
            let text = invocation["event"]?.string, let event = try? Event.decode(Array(text.utf8))
        else { return record(invocation, failure: "the stored event cannot be read") }
        inFlight += 1
        host.submit(
            Call(event) { [unowned self] outcome in
                inFlight -= 1
                record(invocation, failure: outcome.failure)
            }
        )
    }

    private func record(_ invocation: JSON, failure: String?) {
        if let failure {
            console.warning("\(invocation["function"]?.string ?? "?"): invocation \(failure)")
        }
        results.append([
            "id": invocation["id"] ?? .null, "token": invocation["token"] ?? .null,
            "attempt": invocation["attempt"] ?? .null,
            "error": failure.map { .string($0) } ?? .null,
        ])
    }

    /// What could not be recorded is retried by the lease: an event may run twice, never not at
    /// all.
    private func flush() {
        guard !results.isEmpty else { return }
        let sent = results
        results = []
        store.call("POST", "/invocations/finish", ["results": .array(sent)]) {
            [unowned self] answer in
            guard case .failure(let error) = answer else { return }
            console.error(
                "invocations: \(sent.count) results are not recorded, the events will run again:"
                    + " \(error.message)"
            )
        }
    }
}
