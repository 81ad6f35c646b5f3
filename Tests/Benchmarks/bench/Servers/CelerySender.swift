import Database
import Measurement

/// Celery with Redis, httpx and PostgreSQL at sending a campaign: a task for each message.
struct CelerySender {
    private static let workers = 2
    /// Threads of each worker, and its connections to PostgreSQL. More of either brought it nothing,
    /// and neither did gevent.
    private static let fastest = Pool(kind: "threads", concurrency: 100, connections: 10)
    /// Rate limits need this kind: with threads a worker looks at them every other second.
    private static let paced = Pool(kind: "prefork", concurrency: 8, connections: 1)
    private static let stepLimit = Duration.seconds(120)
    private static let recordLimit = Duration.seconds(10)
    private static let worker = [
        "-m", "celery", "--app", "celery_send_peer", "worker", "--loglevel", "ERROR",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]

    let celery: Celery
    let provider: String

    /// Sends to so many people, and returns when the messages came. A limit in a second is Celery's
    /// own, which each worker keeps for itself: they share it evenly.
    func arrivals(
        of count: Int,
        on postgres: borrowing Postgres,
        perSecond limit: Int? = nil,
        within time: Duration
    ) throws(Failure) -> Arrivals {
        let pool = limit == nil ? Self.fastest : Self.paced
        let redis = try Redis(celery.redis())
        let upstream = try Upstream(provider)
        var environment = [
            "REDIS_URL": redis.url, "DATABASE_URL": postgres.ownerURL,
            "PROVIDER_URL": "\(upstream.url)/messages", "CONCURRENCY": "\(pool.concurrency)",
            "POOL_SIZE": "\(pool.connections)",
        ]
        if let limit { environment["RATE_LIMIT"] = "\(limit / Self.workers)/s" }
        func run(_ arguments: [String]) -> Command {
            celery.python.program(arguments, environment: environment)
        }
        for step in [["prepare", "\(count)"], ["enqueue"]] {
            _ = try run(["-m", "celery_send_peer"] + step).output(within: Self.stepLimit)
        }
        var workers: [Program] = []
        for number in 1...Self.workers {
            let own = [
                "--pool", pool.kind, "--concurrency", "\(pool.concurrency)", "--hostname",
                "worker-\(number)",
            ]
            workers.append(try Program(run(Self.worker + own)))
        }
        return try withExtendedLifetime(workers) { () throws(Failure) in
            try upstream.await(count, within: time)
            try awaitRecords(of: count, on: postgres)
            return try upstream.arrivals()
        }
    }

    private struct Pool {
        let kind: String
        let concurrency: Int
        /// Of each process to PostgreSQL.
        let connections: Int
    }

    private func awaitRecords(of count: Int, on postgres: borrowing Postgres) throws(Failure) {
        let connection = Connection(postgres.ownerURL)
        let deadline = ContinuousClock.now + Self.recordLimit
        while case let sent = try sent(connection), sent < count {
            try Interruption.check()
            guard .now < deadline else { throw Failure("\(sent) of \(count) are recorded") }
        }
    }

    private func sent(_ connection: Connection) throws(Failure) -> Int {
        try database { () throws(DatabaseError) in
            try connection.query("SELECT count(*) AS count FROM messages WHERE status = 'sent'")[0]
                .get("count")
        }
    }
}
