import Measurement

/// Runs `bench-load` against a server.
struct Load {
    private static let bodyBytes = 512
    private static let readySeconds = 10

    let program: String

    /// Requests per second with many connections.
    func rate(of server: borrowing Server, _ plan: Plan) throws(Failure) -> Double {
        try run(server, plan, connections: plan.connections).perSecond
    }

    /// The median milliseconds of one request at a time.
    func medianMilliseconds(of server: borrowing Server, _ plan: Plan) throws(Failure) -> Double {
        try run(server, plan, connections: 1).medianMicroseconds / 1000
    }

    /// Delivers each webhook once, with many connections, as far as there is time.
    func deliver(
        _ webhooks: borrowing Webhooks,
        to server: borrowing Server,
        _ plan: Plan
    ) throws(Failure) -> LoadResult {
        let replay = ["--replay", webhooks.path]
        return try run(server, plan, connections: plan.connections, requests: replay)
    }

    private func run(
        _ server: borrowing Server,
        _ plan: Plan,
        connections: Int,
        requests: [String] = ["--body-bytes", "\(bodyBytes)"]
    ) throws(Failure) -> LoadResult {
        let common = ["--url", server.url] + requests
        try awaitReady(server, common)
        let load = [
            "--connections", "\(connections)", "--seconds", "\(plan.seconds)",
            "--warmup", "\(plan.warmupSeconds)",
        ]
        return try LoadResult(parsing: output(common + load, seconds: Int(plan.seconds)))
    }

    private func awaitReady(
        _ server: borrowing Server,
        _ arguments: [String]
    ) throws(Failure) {
        let seconds = Self.readySeconds
        do throws(Failure) {
            _ = try output(arguments + ["--await", "\(seconds)"], seconds: seconds)
        } catch {
            throw Failure("\(error.message)\(server.log)")
        }
    }

    private func output(_ arguments: [String], seconds: Int) throws(Failure) -> String {
        try Command(program: program, arguments: arguments).output(within: .seconds(seconds + 10))
    }
}
