import FunctionContract

/// The Lambda Runtime API as a test plays it, call by call, for what AWS's emulator never does.
final class ScriptedRuntimeAPI {
    struct Call: Equatable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: [UInt8]

        /// The last part of the path: `next`, `response` or `error`.
        var name: Substring { path.split(separator: "/").last ?? "" }
        var json: JSON { (try? JSONParser.parse(body)) ?? .null }
    }

    let function: ChildProcess
    private let listener = try? TCPListener()
    private var connection: TCPConnection?
    /// How many connections the function has made.
    private(set) var connections = 0

    init(_ name: String, environment: [String: String] = [:]) throws {
        guard let listener else { throw SystemCallFailed("listen") }
        function = try ChildProcess(
            try BuiltProduct.path(name),
            environment: environment.merging(
                ["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(listener.port)"]
            ) { $1 }
        )
    }

    func end() {
        function.end()
        hangUp()
    }

    /// The next call of the function, over the connection it has or a new one.
    func call() throws -> Call {
        let call = try readHead()
        let count = call.headers["content-length"].flatMap { Int($0) } ?? 0
        let body = try current().bytes(count)
        return Call(method: call.method, path: call.path, headers: call.headers, body: body)
    }

    /// The next call without its body, which stays in the connection.
    func readHead() throws -> Call {
        guard let line = try current().line() else {
            // The function has ended its connection: it will come back over another one.
            hangUp()
            return try readHead()
        }
        let words = line.split(separator: " ")
        var headers: [String: String] = [:]
        while let line = try current().line(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return Call(method: String(words[0]), path: String(words[1]), headers: headers, body: [])
    }

    func send(_ text: String) throws { try current().send(text) }

    /// Answers a call for an event.
    func deliver(_ event: String, id: String = "id-1", headers: String = "") throws {
        try send(
            "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: \(id)\r\n\(headers)"
                + "Content-Length: \(event.utf8.count)\r\n\r\n\(event)"
        )
    }

    /// Answers any other call.
    func answer(_ status: Int = 202, headers: String = "") throws {
        let body = #"{"status":"OK"}"#
        try send(
            "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    func hangUp() {
        connection?.close()
        connection = nil
    }

    /// Says that nothing more will be sent, and reads until the function has hung up.
    func readToEnd() throws {
        try current().endSending()
        _ = try current().bytesToEnd()
    }

    /// Whether the function has connected once more than was served here.
    var hasWaitingConnection: Bool { listener?.hasWaitingConnection ?? false }

    /// Waits for the function's end, and returns what it said.
    func waitForEnd() throws -> (exit: ChildProcess.Exit, log: String) {
        let exit = try function.waitForExit()
        return (exit, String(decoding: try function.everything(of: 2), as: UTF8.self))
    }

    private func current() throws -> TCPConnection {
        if let connection { return connection }
        guard let accepted = try listener?.accept() else { throw SystemCallFailed("accept") }
        connections += 1
        connection = accepted
        return accepted
    }
}
