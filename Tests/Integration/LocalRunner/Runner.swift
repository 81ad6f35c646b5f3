import FunctionContract
import Glibc
import Testing

/// `local-runner serve` or `dev` on a port of its own, and everything it logs.
final class Runner {
    let process: ChildProcess
    let port: UInt16
    private(set) var log: [JSON]
    /// The Unix socket at which operators come in.
    let operatorSocket: String
    // Its files are there as long as it is.
    private let project: FunctionFolder

    init(
        _ project: FunctionFolder,
        _ options: [String] = [],
        command: String = "serve",
        through launcher: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        self.project = project
        // Several may serve one project.
        let socket = "operators-\(UInt32.random(in: .min ... .max))"
        operatorSocket = "\(project.path)/\(socket)"
        process = try ChildProcess(
            "/usr/bin/env",
            ["-C", project.path] + launcher + [
                try BuiltProduct.path("local-runner"), command, "--port", "0",
                "--operator-socket", socket,
            ] + options,
            environment: environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
        )
        var log: [JSON] = []
        var port: Int?
        while port == nil, let line = try process.line(of: 2) {
            let entry =
                (try? JSONParser.parse(line)) ?? .string(String(decoding: line, as: UTF8.self))
            log.append(entry)
            port = entry["event"]?.string == "listening" ? entry["port"]?.integer : nil
        }
        self.log = log
        self.port = UInt16(try #require(port, "it does not listen: \(log)"))
    }

    /// Waits until `result` is there; what the runner logs meanwhile is kept.
    func wait<Result>(
        _ purpose: String,
        within limit: Duration = .seconds(180),
        until result: () throws -> Result?
    ) throws -> Result {
        try process.wait(purpose, within: limit) {
            try takeLog()
            return try result()
        }
    }

    func waitUntil(
        _ purpose: String,
        within limit: Duration = .seconds(180),
        _ condition: () throws -> Bool
    ) throws {
        try wait(purpose, within: limit) { try condition() ? () : nil }
    }

    /// Waits for a log line whose message contains `text`.
    func waitForLog(_ text: String) throws {
        try waitUntil("log line with \"\(text)\"") { messages.contains { $0.contains(text) } }
    }

    var messages: [String] { log.compactMap { $0["message"]?.string ?? $0.string } }

    private func takeLog() throws {
        let lineCount = process.received(of: 2).count { $0 == UInt8(ascii: "\n") }
        for _ in 0..<lineCount {
            guard let line = try process.line(of: 2) else { return }
            log.append(
                (try? JSONParser.parse(line)) ?? .string(String(decoding: line, as: UTF8.self))
            )
        }
    }
}

// MARK: - Requests

extension Runner {
    func connect() throws -> RunnerClient { try RunnerClient(port: port) }

    func answer(
        _ client: RunnerClient,
        toHead: Bool = false,
        within limit: Duration = .seconds(180)
    ) throws -> RunnerAnswer {
        let answer: RunnerAnswer? = try wait("answer", within: limit) {
            client.move(waiting: 1)
            if let answer = client.takeAnswer(toHead: toHead) { return .some(answer) }
            return client.isClosed ? .some(nil) : nil
        }
        return try #require(answer, "closed without an answer: \(client.received.count) bytes")
    }

    /// One request on a connection of its own.
    func request(
        _ method: String,
        _ target: String,
        headers: [String: String] = [:],
        body: [UInt8] = []
    ) throws -> RunnerAnswer {
        let client = try connect()
        client.send(Self.request(method, target, headers: headers, body: body))
        return try answer(client, toHead: method == "HEAD")
    }

    func get(_ target: String, headers: [String: String] = [:]) throws -> RunnerAnswer {
        try request("GET", target, headers: headers)
    }

    /// One request at the operators' door.
    func askAsOperator(
        _ method: String,
        _ target: String,
        headers: [String: String] = [:],
        body: [UInt8] = []
    ) throws -> RunnerAnswer {
        let client = try RunnerClient(socket: operatorSocket)
        client.send(Self.request(method, target, headers: headers, body: body))
        return try answer(client, toHead: method == "HEAD")
    }

    /// A client that has sent a request and waits.
    func begin(_ target: String) throws -> RunnerClient {
        let client = try connect()
        client.send(Self.request("GET", target))
        return client
    }

    static func request(
        _ method: String,
        _ target: String,
        headers: [String: String] = [:],
        body: [UInt8] = []
    ) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            head += "\(name): \(value)\r\n"
        }
        return Array((head + "\r\n").utf8) + body
    }
}

// MARK: - What it looks like from outside

extension Runner {
    /// The processes of functions that run now.
    var instances: [pid_t] { ProcessTable.children(of: process.id).sorted() }

    var descriptorCount: Int { ProcessTable.descriptors(of: process.id)?.count ?? 0 }

    /// One value of `/_metrics`, such as `relais_instances{function="a",state="idle"}`.
    func metric(_ series: String) throws -> Double? {
        let lines = try askAsOperator("GET", "/_metrics").text.split(separator: "\n")
        let line = lines.first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.utf8.count + 1)) }
    }

    /// Ends it and every process that it started, those included that would not end by themselves.
    func end() {
        // Stopped, it starts no more, and keeps the numbers of those that end now.
        process.send(SIGSTOP)
        for instance in process.exit == nil ? instances : [] { kill(-instance, SIGKILL) }
        process.end()
    }

    /// Asks it to end, and waits.
    func stop() throws -> ChildProcess.Exit {
        process.send(SIGTERM)
        return try wait("end of the runner") { process.exit }
    }
}
