import Database
import FunctionContract
import HTTPClient
import Networks
import Testing

/// The provider simulator, running as a process of its own: the witness of what was sent.
final class SimulatedProvider {
    private let process: ChildProcess
    private let client = HTTPClient(egress: .loopback)
    private let port: Int

    /// `scenario` is what the simulator reads, as JSON; webhooks go to `platform`, if there is one.
    init(_ scenario: JSON = [:], platform: UInt16? = nil) throws {
        process = try ChildProcess(
            BuiltProduct.path("provider-simulator"),
            [
                "--port", "0", "--quiet", "--webhook-base",
                platform.map { "http://127.0.0.1:\($0)" } ?? "none",
            ]
        )
        let line = try #require(try process.line(of: 2))
        port = try #require(try JSONParser.parse(line)["port"]?.integer)
        _ = try ask(.post, "scenario", scenario)
    }

    deinit { process.end() }

    var baseURL: String { "http://127.0.0.1:\(port)" }

    /// Requests to send that were read.
    var received: Int { get throws { try summary()["received"]?.integer ?? -1 } }

    /// Messages that went out to their recipients.
    var taken: Int { get throws { try summary()["taken"]?.integer ?? -1 } }

    /// Messages that went out more than once.
    var duplicates: Int { get throws { try summary()["duplicateCount"]?.integer ?? -1 } }

    /// When each request to send was read, in milliseconds.
    func times() throws -> [Int] {
        try entries().compactMap { $0["time"]?.integer }
    }

    /// What was sent along with each request.
    func references() throws -> [String] {
        try entries().compactMap { $0["reference"]?.string }
    }

    func change(_ scenario: JSON) throws {
        _ = try ask(.post, "scenario", scenario)
    }

    private func entries() throws -> [JSON] {
        try ask(.get, "ledger?limit=10000")["entries"]?.array ?? []
    }

    func summary() throws -> JSON { try ask(.get, "summary") }

    /// The messages that were taken, with their receipts and the answers to them.
    func messages() throws -> [JSON] {
        var messages: [JSON] = []
        while true {
            let page = try ask(.get, "messages?since=\(messages.count)&limit=10000")
            let entries = page["entries"]?.array ?? []
            messages += entries
            if entries.isEmpty { return messages }
        }
    }

    private func ask(
        _ method: OutboundRequest.Method,
        _ path: String,
        _ body: JSON? = nil
    ) throws -> JSON {
        let request = OutboundRequest(
            method,
            "\(baseURL)/_simulator/\(path)",
            headers: ["content-type": "application/json"],
            body: body?.bytes ?? []
        )
        guard case .response(let response) = client.send(request), response.status < 300 else {
            throw ChildProcess.TimedOut(description: "the simulator refuses \(path)")
        }
        return try JSONParser.parse(response.body)
    }
}
