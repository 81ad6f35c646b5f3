import Measurement

/// Celery with Redis: two worker processes, tasks that do nothing.
struct Celery {
    private static let limit = Duration.seconds(120)
    private static let worker = [
        "worker", "--concurrency", "2", "--loglevel", "ERROR", "--without-gossip",
        "--without-mingle", "--without-heartbeat",
    ]

    let python: PythonPeers
    let installation: Installation

    func install() throws(Failure) {
        _ = try redis()
        try python.install()
    }

    /// Tasks in a second, from the first that is taken to the last.
    func rate(_ count: Int) throws(Failure) -> Double {
        let redis = try Redis(redis())
        let environment = ["REDIS_URL": redis.url]
        func run(_ arguments: [String]) -> Command {
            python.program(arguments, environment: environment)
        }
        _ = try run(["-m", "celery_peer", "enqueue", "\(count)"]).output(within: Self.limit)
        let watcher = try Program(run(["-m", "celery_peer", "watch", "\(count)"]))
        let worker = try Program(run(["-m", "celery", "--app", "celery_peer"] + Self.worker))
        return try withExtendedLifetime(worker) { () throws(Failure) in
            try [Stint(parsing: watcher.output(within: Self.limit))].perSecond
        }
    }

    func redis() throws(Failure) -> String {
        guard let program = installation.installed("redis-server") else {
            throw Failure("redis-server is not installed. Run: infra/bootstrap --with bench")
        }
        return program
    }
}
