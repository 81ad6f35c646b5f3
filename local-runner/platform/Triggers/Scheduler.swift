import EventLoop
import FunctionContract
import FunctionRuntime

/// Calls functions by schedule. The database decides which instants are due and which runner fires
/// each; this class only waits.
final class Scheduler {
    private var entries: [Entry] = []
    private let store: Store
    private let reports: Reports
    private let console: Console
    private let loop: EventLoop
    private let runner: String
    private var askAt: Milliseconds = 0
    /// Whether a claim is in progress, so that due instants may still arrive.
    private(set) var isAsking = false
    private var isStopped = false

    /// The longest wait. The system clock may be changed meanwhile.
    private static let longestWait: Milliseconds = 20_000
    private static let retryWait: Milliseconds = 5_000

    private struct Entry {
        let schedule: ScheduleTrigger
        let host: FunctionHost
    }

    init(_ store: Store, on loop: EventLoop, runner: String, console: Console) {
        self.store = store
        self.loop = loop
        self.runner = runner
        self.console = console
        reports = Reports(
            to: "/schedules/finish",
            of: store,
            on: loop,
            "schedules",
            console: console
        )
    }

    func adopt(_ hosts: [FunctionHost]) {
        entries = hosts.flatMap { host in
            host.definition.manifest.schedules.map { Entry(schedule: $0, host: host) }
        }
        askAt = 0
    }

    func stop() { isStopped = true }

    var unrecordedCount: Int { reports.count }

    /// Whether the store has recorded all results.
    var isSettled: Bool { !isAsking && reports.count == 0 }

    func tick() {
        reports.tick()
        guard !entries.isEmpty, !isAsking, !isStopped, loop.now >= askAt else { return }
        isAsking = true
        askAt = .max
        store.call("POST", "/schedules/claim", question) { [unowned self] in didHear($0) }
    }

    private var question: JSON {
        [
            "runner": .string(runner),
            "schedules": .array(entries.map { $0.schedule.question(for: $0.host.definition) }),
        ]
    }

    private func didHear(_ answer: Store.Answer) {
        isAsking = false
        switch answer {
        case .failure(let error):
            console.error("schedules: \(error.message); asking again in 5 s")
            askAt = min(askAt, loop.now + Self.retryWait)
        case .success(let json):
            for problem in json["problems"]?.array ?? [] {
                let name = problem["name"]?.string ?? "?"
                console.error("schedule \(name): \(problem["message"]?.string ?? "?")")
            }
            for fired in json["fired"]?.array ?? [] { fire(fired) }
            let wait = json["nextInMilliseconds"]?.integer.map { Milliseconds(max(0, $0)) }
            askAt = min(askAt, loop.now + min(wait ?? Self.longestWait, Self.longestWait))
        }
    }

    private func fire(_ fired: JSON) {
        guard let name = fired["name"]?.string, let instant = fired["instant"]?.integer else {
            return
        }
        guard let entry = entries.first(where: { $0.schedule.name == name }) else {
            return report(name, instant, failure: "the schedule was taken away")
        }
        var event = CloudEvent(
            id: "\(name)@\(instant)",
            source: "/schedules/\(name)",
            type: CloudEvent.scheduleFired
        )
        event.subject = name
        event.time = Timestamp(milliseconds: Int64(instant))
        let call = Call(.cloud(event)) { [unowned self] in
            report(name, instant, failure: $0.failure)
        }
        entry.host.submit(call)
    }

    private func report(_ name: String, _ instant: Int, failure: String?) {
        if let failure { console.error("schedule \(name): \(failure)") }
        reports.add([
            "name": .string(name), "instant": .integer(instant),
            "error": failure.map { .string($0) } ?? .null,
        ])
    }
}

extension ScheduleTrigger {
    /// The fields from which the store computes when this schedule is due.
    func question(for definition: FunctionDefinition) -> JSON {
        let manifest = definition.manifest
        let longestRun =
            manifest.concurrency.queueSeconds + manifest.timeoutSeconds + Self.reportMarginSeconds
        return [
            "name": .string(name), "cron": .string(cron.text), "timezone": .string(timezone),
            "catchUpMinutes": .integer(catchUpMinutes), "overlap": .bool(mayOverlap),
            "longestRunSeconds": .integer(longestRun),
        ]
    }

    /// The time for recording the result. After it, the run counts as abandoned.
    private static let reportMarginSeconds = 60
}
