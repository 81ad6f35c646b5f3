package import Database
internal import FunctionContract
package import HTTPClient
internal import Providers
package import Security
package import Work

/// Checks which contacts are on WhatsApp, through the channels that can, at a rate that their
/// provider tolerates.
///
/// Each channel with a number to check is a task. A process checks through many channels at once. A
/// slow or failing channel delays no other channel.
package struct NumberChecker {
    /// The queue of the channels' tasks.
    package static let queue = "verify"

    /// The results of a run.
    package struct Report: Sendable, Equatable {
        package var answered = 0
        package var unsure = 0
        /// Channels that still had numbers to check when the time was over.
        package var remaining = 0
        /// Descriptions of what could not be checked.
        package var problems: [String] = []
    }

    /// Providers tolerate 15 to 30 questions a minute.
    package static let pace = RateLimit(20, per: .seconds(60))
    /// The maximum number of channels per process at once.
    private static let channelLimit = 64
    /// How long a process keeps its channels, including the wait for answers, before others get a
    /// turn.
    private static let slice: Duration = .seconds(120)
    /// After this time another process takes over the tasks of a process that died.
    private static let lease: Duration = .seconds(60)
    /// A channel that cannot ask is retried every hour, for weeks.
    private static let attemptLimit = 1_000

    let connection: Connection
    let client: HTTPClient
    let secrets: SealedSecrets
    let pace: RateLimit
    private let name: String?

    /// `name` identifies this process to operators.
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

    /// Checks until no number is left or the time is over.
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

    /// Enqueues a task for each channel that has a number to check.
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
