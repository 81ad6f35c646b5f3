import Database
import Measurement
import Work

/// Ours at work in a migrated database, as a function is: by the user for whom row-level security
/// holds. The one place that knows the command line of `bench-work`.
struct Relais: ~Copyable {
    private static let limit = Duration.seconds(120)
    private static let queue = "bench"
    private static let bucket = "bench"
    private static let workers = 2
    private static let batch = 100
    static let tasksInStatement = 1000
    /// So that all takers are connected when the first begins.
    private static let takersStartSeconds = 0.3

    let postgres: Postgres
    private let program: String

    /// How long ours takes to make all tables in an empty database.
    static func migrationTime(
        on postgres: borrowing Postgres,
        program: String
    ) throws(Failure) -> Duration {
        let command = Command(
            program: program,
            arguments: ["migrate", postgres.migrations],
            environment: ["DATABASE_URL": postgres.ownerURL]
        )
        return try command.time(within: limit)
    }

    /// The database has all tables.
    init(on postgres: consuming Postgres, program: String) {
        self.program = program
        self.postgres = postgres
    }

    /// Enqueues tasks and returns how many in a second.
    @discardableResult
    func enqueue(_ count: Int) throws(Failure) -> Double {
        let started = ContinuousClock.now
        try database { () throws(DatabaseError) in
            let tasks = Tasks(Connection(postgres.functionURL))
            for first in stride(from: 0, to: count, by: Self.tasksInStatement) {
                let size = min(Self.tasksInStatement, count - first)
                try tasks.enqueue(
                    (0..<size).map { _ in
                        NewTask(queue: Self.queue, kind: "no-op", workspace: nil)
                    }
                )
            }
        }
        return Double(count) / ((.now - started) / .seconds(1))
    }

    /// Has two workers claim and finish all tasks, a hundred at a time; returns how many in a second.
    @discardableResult
    func drain(_ count: Int) throws(Failure) -> Double {
        let stints = try stints(of: Self.workers, work("drain", Self.queue, "\(Self.batch)"))
        guard stints.count == count else {
            throw Failure("\(stints.count) of \(count) tasks were done")
        }
        return stints.perSecond
    }

    /// Has takers take again and again, all in the same seconds, and returns how often in one.
    func take(_ tokens: Int, takers: Int, seconds: Double) throws(Failure) -> Double {
        try database { () throws(DatabaseError) in
            let everlasting = RateLimit(interval: .microseconds(1), burst: 100_000)
            try Rates(Connection(postgres.functionURL))
                .set(RateKey(platform: Self.bucket), everlasting)
        }
        let from = monotonicSeconds() + Self.takersStartSeconds
        let take = work("take", Self.bucket, "\(tokens)", "\(from)", "\(from + seconds)")
        return try stints(of: takers, take).perSecond
    }

    /// Two workers on a queue whose tasks take so long. They work until they are ended.
    func workers(on queue: String, milliseconds: Int) throws(Failure) -> [Program] {
        let command = work("work", queue, "\(milliseconds)")
        return try (0..<Self.workers).map { (_) throws(Failure) in try Program(command) }
    }

    private func stints(of count: Int, _ command: Command) throws(Failure) -> [Stint] {
        let lines = try command.outputs(of: count, within: Self.limit)
        return try lines.map { (line) throws(Failure) in try Stint(parsing: line) }
    }

    private func work(_ arguments: String...) -> Command {
        Command(
            program: program,
            arguments: arguments,
            environment: ["DATABASE_URL": postgres.functionURL]
        )
    }
}
