/// `function.json`: all that a host must know about a function, and the only place that says it.
package struct Manifest: Equatable, Sendable {
    package let name: String
    package let description: String
    package let triggers: [Trigger]
    package var timeoutSeconds: Int
    package let memoryMegabytes: Int
    /// The largest body of an HTTP request; a larger one is refused before it is read.
    package let bodyMegabytes: Int
    package let concurrency: Concurrency
    package let environment: [EnvironmentVariable]
    package let framing: Framing
    /// The program and its arguments; empty means the executable that bears the function's name.
    package let command: [String]
    /// A function that helps developers and must not be reachable anywhere else.
    package let developmentOnly: Bool

    package var routes: [RoutePattern] {
        triggers.compactMap { if case .http(let route) = $0 { route } else { nil } }
    }

    package var schedules: [Schedule] {
        triggers.compactMap { if case .schedule(let schedule) = $0 { schedule } else { nil } }
    }

    package var queues: [String] {
        triggers.compactMap { if case .queue(let name) = $0 { name } else { nil } }
    }
}

/// What calls a function.
package enum Trigger: Equatable, Sendable {
    case http(RoutePattern)
    case schedule(Schedule)
    case queue(String)
}

/// A trigger by the clock.
package struct Schedule: Equatable, Sendable {
    package let name: String
    package let cron: CronExpression
    package let timezone: String
    /// How far back instants that were missed are still fired.
    package let catchUpMinutes: Int
    /// Whether an instant is fired while the one before it still runs.
    package let mayOverlap: Bool
}

/// How many processes serve a function, how long they live and how much may wait for them.
package struct Concurrency: Equatable, Sendable {
    package var max = 4
    /// Events that an instance may be handed together, when that many wait.
    package var batch = 1
    package var prewarmed = 0
    /// Events that may wait for an instance; one more is refused with 429.
    package var queue = 1000
    /// How long an event may wait for an instance before it is refused with 503.
    package var queueSeconds = 10
    package var idleSeconds = 300
    /// Events after which an instance is replaced.
    package var recycleAfter = 100_000
}

/// A variable of the environment that a function may see, and needs if `required`.
package struct EnvironmentVariable: Equatable, Sendable {
    package let name: String
    package let required: Bool
}

/// How events and replies are delimited on stdin and stdout.
package enum Framing: String, Equatable, Sendable, CaseIterable {
    /// One event a line, one reply a line, until the end of stdin.
    case stream
    /// One process per event: stdin to its end is the event, stdout is the reply.
    case oneShot = "one-shot"
}

/// A manifest that cannot be used: which file, where in it, and what was expected there.
package struct ManifestError: Error, Equatable, Sendable, CustomStringConvertible {
    package let file: String
    /// The full key, or the line and column where the file stops being JSON.
    package let key: String
    package let problem: String

    package var description: String {
        key.isEmpty ? "\(file): \(problem)" : "\(file): \(key): \(problem)"
    }
}
