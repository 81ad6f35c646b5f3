import Glibc
import Testing

@Suite("Requests that are none", .ownThread)
struct RunnerMutationTests {
    private static let seed: UInt64 = 2_026_11_20
    private static let clientCount = 8

    private static let possible: Set = [
        100, 200, 400, 403, 404, 405, 413, 414, 417, 431, 501, 505,
    ]

    /// The full number takes minutes with a debug build.
    private static var requestCount: Int {
        unsafe getenv("RELAIS_FULL") != nil ? 200_000 : 8_000
    }

    @Test("Neither stop the platform nor leave a connection or a process behind")
    func mutatedRequests() throws {
        let echo = SampleFunction("echo", nil, #""concurrency": { "max": 4, "prewarmed": 4 }"#)
        let runner = try Runner(try FunctionFolder(echo), ["--access-log", "off"])
        defer { runner.end() }
        try runner.waitUntil("all instances") { runner.instances.count == 4 }
        #expect(try runner.get("/echo/x").status == 200)
        let descriptors = runner.descriptorCount
        let instances = runner.instances

        var requests = MutatedRequests(seed: Self.seed)
        var clients: [(client: RunnerClient, request: [UInt8])] = []
        var statuses: [Int: Int] = [:]
        for number in 0..<Self.requestCount {
            let request = requests.next()
            let client = try runner.connect()
            client.send(request)
            // Whatever it made of the bytes so far, it learns that no more will come.
            client.endSending()
            clients.append((client, request))
            guard clients.count == Self.clientCount || number + 1 == Self.requestCount else {
                continue
            }
            for (client, request) in clients {
                try collect(client, request, runner, &statuses)
            }
            clients = []
        }
        print("mutated requests, seed \(Self.seed): \(statuses.sorted { $0.key < $1.key })")
        #expect(statuses[200] ?? 0 > 0 && statuses[400] ?? 0 > 0 && statuses[404] ?? 0 > 0)
        #expect(statuses.keys.allSatisfy(Self.possible.contains), "\(statuses)")
        #expect(runner.process.exit == nil)
        #expect(try runner.get("/echo/x").status == 200)
        try runner.waitUntil("descriptors as before") { runner.descriptorCount <= descriptors }
        #expect(runner.instances == instances)
        #expect(try runner.metric("http_requests_in_flight") == 0)
        #expect(try runner.stop() == .code(0))
    }

    /// Waits for the end of the connection and counts what was answered on it.
    private func collect(
        _ client: RunnerClient,
        _ request: [UInt8],
        _ runner: Runner,
        _ statuses: inout [Int: Int]
    ) throws {
        // Who waited for more until its time was over would be answered 408, which is not possible.
        let deadline = ContinuousClock.now + .seconds(60)
        while !client.isClosed {
            client.move(waiting: 5)
            guard ContinuousClock.now < deadline, runner.process.exit == nil else {
                Issue.record(
                    "stuck on \(String(decoding: request, as: UTF8.self).debugDescription)"
                )
                return
            }
        }
        while let answer = client.takeAnswer() { statuses[answer.status, default: 0] += 1 }
        #expect(client.received.isEmpty, "half an answer")
    }
}
