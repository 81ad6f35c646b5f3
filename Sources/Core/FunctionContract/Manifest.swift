/// `function.json`: everything that a host needs to know about a function.
package struct Manifest: Equatable, Sendable {
    package let name: String
    package let description: String
    package let triggers: [Trigger]
    package var timeoutSeconds: Int
    package let memoryMegabytes: Int
    /// The largest body of an HTTP request. A larger one is refused before it is read.
    package let bodyMegabytes: Int
    package let concurrency: Concurrency
    package let environment: [EnvironmentVariable]
    package let framing: Framing
    /// The program and its arguments. Empty means the executable with the function's name.
    package let command: [String]
    /// The function is only for developers, and served only where `RELAIS_ENV` is `development`.
    package let developmentOnly: Bool

    package var routes: [RoutePattern] {
        triggers.compactMap { if case .http(let route) = $0 { route } else { nil } }
    }

    package var schedules: [ScheduleTrigger] {
        triggers.compactMap { if case .schedule(let schedule) = $0 { schedule } else { nil } }
    }

    package var queues: [String] {
        triggers.compactMap { if case .queue(let name) = $0 { name } else { nil } }
    }
}

/// A source of events that calls a function.
package enum Trigger: Equatable, Sendable {
    case http(RoutePattern)
    case schedule(ScheduleTrigger)
    case queue(String)
}

/// A schedule that calls a function.
package struct ScheduleTrigger: Equatable, Sendable {
    package let name: String
    package let cron: CronExpression
    package let timezone: String
    /// Missed instants up to this age still fire.
    package let catchUpMinutes: Int
    /// Whether an instant fires while the previous one still runs.
    package let mayOverlap: Bool
}

/// The number of processes of a function, their lifetime, and the limits of their queue.
package struct Concurrency: Equatable, Sendable {
    package var max = 4
    /// The largest number of waiting events that an instance gets at once.
    package var batch = 1
    package var prewarmed = 0
    /// The number of events that may wait for an instance. Further events are refused with 429.
    package var queue = 1000
    /// How long an event may wait for an instance. After that it is refused with 503.
    package var queueSeconds = 10
    package var idleSeconds = 300
    /// An instance is replaced after this many events.
    package var recycleAfter = 100_000
}

/// An environment variable that a function may see, and needs if `required`.
package struct EnvironmentVariable: Equatable, Sendable {
    package let name: String
    package let required: Bool
}

/// How events and replies are delimited on stdin and stdout.
package enum Framing: String, Equatable, Sendable, CaseIterable {
    /// One event per line and one reply per line, until the end of stdin.
    case stream
    /// One process per event: the whole of stdin is the event, stdout is the reply.
    case oneShot = "one-shot"
}

/// An invalid manifest: the file, the place in it, and what was expected there.
package struct ManifestError: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    /// The full key, or the line and column of a JSON syntax error.
    package let key: String
    package let problem: String

    package var description: String {
        key.isEmpty ? "\(file): \(problem)" : "\(file): \(key): \(problem)"
    }
}
