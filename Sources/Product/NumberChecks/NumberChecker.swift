package import Database
internal import FunctionContract
package import HTTPClient
internal import Providers
package import Security
package import Work

/// Finds out which contacts are on WhatsApp, through the channels that can ask, at a pace that
/// their provider bears.
///
/// Each channel with somebody to ask for is a task. A process asks through many channels at once; a
/// channel whose provider is slow or refuses keeps no other waiting.
package struct NumberChecker {
    /// Where channels wait for their turn.
    package static let queue = "verify"

    /// What was done.
    package struct Report: Sendable, Equatable {
        package var answered = 0
        package var unsure = 0
        /// Channels that have more to ask for, which time did not suffice for.
        package var remaining = 0
        /// In words, what could not be asked.
        package var problems: [String] = []
    }

    /// What a provider bears: 15 to 30 a minute.
    package static let pace = RateLimit(20, per: .seconds(60))
    /// Channels that one process asks through at once.
    private static let channelLimit = 64
    /// For how long a process asks through them, answers included, until others have their turn.
    private static let slice: Duration = .seconds(120)
    /// After this another process takes over from one that died.
    private static let lease: Duration = .seconds(60)
    /// A channel that cannot ask is tried for weeks, an hour apart.
    private static let attemptLimit = 1_000

    let connection: Connection
    let client: HTTPClient
    let secrets: SealedSecrets
    let pace: RateLimit
    private let name: String?

    /// `name` is this process, for operators to read.
    package init(
        _ connection: Connection,
        _ client: HTTPClient,
        _ secrets: SealedSecrets,
        pace: RateLimit = pace,
        name: String? = nil
    ) {
        self.connection = connection
        self.client = client
        self.secrets = secrets
        self.pace = pace
        self.name = name
    }

    /// Asks until nobody is left to ask for, or the time is over.
    package func run(until end: ContinuousClock.Instant) throws(DatabaseError) -> Report {
        try look()
        var report = Report()
        var worker = Worker(
            connection,
            queue: Self.queue,
            name: name,
            slice: Self.slice,
            lease: Self.lease
        )
        let work = try worker.drain(upTo: Self.channelLimit, until: end) { (tasks, hold) in
            let round = CheckRound(self, tasks, hold)
            let outcomes = round.run()
            report.add(round.report)
            return outcomes
        }
        report.problems += work.problems
        return report
    }

    /// Makes a task of each channel that has somebody to ask for.
    private func look() throws(DatabaseError) {
        let able = Provider.allCases.filter { $0.capabilities.contains(.numberCheck) }
        let rows = try connection.platform(NumberCheckSQL.channels(able))[0]
        if rows.isEmpty { return }
        try Tasks(connection).enqueue(
            rows.map { (row) throws(DatabaseError) in
                let channel: UUID = try row.get("channel")
                let payload: JSON = ["channel": .string(channel.description)]
                var task = NewTask(
                    queue: Self.queue,
                    kind: "channel",
                    payload: payload.text,
                    workspace: try row.get("workspace")
                )
                task.dedupeKey = channel.description
                task.maxAttempts = Self.attemptLimit
                return task
            }
        )
    }
}

extension NumberChecker.Report {
    mutating func add(_ other: NumberChecker.Report) {
        answered += other.answered
        unsure += other.unsure
        remaining += other.remaining
        problems += other.problems
    }
}
