import Glibc
import Synchronization

/// An HTTP server that reads whole requests and does with each connection what its script says.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        let head: String
        let body: String
        /// 1 for the first request that the server read, over all connections.
        let number: Int
    }

    enum Reaction: Sendable {
        case answer(String)
        case answerThenClose(String)
        case close
        case reset
        /// Stop listening, then close: nobody is there any more.
        case vanish
        /// Answer this much and no more, until the client goes away.
        case stall(String)
    }

    let port: UInt16
    private let listener: LoopbackSocket
    private let script: @Sendable (Request) -> Reaction
    private let seen = Mutex(Seen())
    private let acceptor = Mutex<BackgroundThread?>(nil)

    init(script: @escaping @Sendable (Request) -> Reaction) {
        listener = .listening()
        port = listener.port
        self.script = script
        let thread = BackgroundThread { [self] in acceptAll() }
        acceptor.withLock { $0 = thread }
    }

    /// Serves every request with this body.
    static func answering(_ body: String) -> ScriptedServer {
        ScriptedServer { _ in .answer(ok(body)) }
    }

    static func ok(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    var url: String { "http://127.0.0.1:\(port)/" }
    var requests: [Request] { seen.withLock { $0.requests } }
    var connections: Int { seen.withLock { $0.connections } }

    /// Ends the listener and every connection, and waits for their threads.
    func stop() {
        listener.stop()
        acceptor.withLock { $0.take() }?.join()
        // Under the lock: outside it the descriptor may already belong to another test.
        seen.withLock { for connection in $0.open.values { connection.stop() } }
        waitUntilConnectionsEnd()
        listener.close()
    }

    /// Returns once the server has closed every connection that it accepted.
    func waitUntilConnectionsEnd() {
        for thread in seen.withLock({ exchange(&$0.threads, with: []) }) { thread.join() }
    }

    private struct Seen {
        var requests: [Request] = []
        var connections = 0
        var open: [CInt: LoopbackSocket] = [:]
        var threads: [BackgroundThread] = []
    }

    private func acceptAll() {
        while let connection = listener.accepted() {
            seen.withLock {
                $0.connections += 1
                $0.open[connection.descriptor] = connection
                $0.threads.append(BackgroundThread { [self] in serve(connection) })
            }
        }
    }

    private func serve(_ connection: LoopbackSocket) {
        var unread: [UInt8] = []
        while let request = read(from: connection, &unread), react(to: request, connection) {}
    }

    /// False once the connection is closed.
    private func react(to request: Request, _ connection: LoopbackSocket) -> Bool {
        switch script(request) {
        case .answer(let text):
            connection.write(text)
            return true
        case .answerThenClose(let text):
            connection.write(text)
            close(connection) { $0.close() }
        case .close:
            close(connection) { $0.close() }
        case .reset:
            close(connection) { $0.reset() }
        case .vanish:
            listener.stop()
            close(connection) { $0.close() }
        case .stall(let text):
            connection.write(text)
            while connection.received() != nil {}
            close(connection) { $0.close() }
        }
        return false
    }

    private func close(_ connection: LoopbackSocket, with end: (LoopbackSocket) -> Void) {
        seen.withLock { _ = $0.open.removeValue(forKey: connection.descriptor) }
        end(connection)
    }

    private func read(from connection: LoopbackSocket, _ unread: inout [UInt8]) -> Request? {
        while true {
            let text = String(decoding: unread, as: UTF8.self)
            if let request = next(in: text) {
                unread.removeFirst(request.head.utf8.count + 4 + request.body.utf8.count)
                return request
            }
            guard let more = connection.received() else {
                close(connection) { $0.close() }
                return nil
            }
            unread += more
        }
    }

    private func next(in text: String) -> Request? {
        let parts = text.split(
            separator: "\r\n\r\n",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2 else { return nil }
        let lengthLine = parts[0].lowercased().split(separator: "\r\n")
            .first { $0.hasPrefix("content-length: ") }
        let length = lengthLine.flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
        guard parts[1].utf8.count >= length else { return nil }
        let body = String(decoding: parts[1].utf8.prefix(length), as: UTF8.self)
        return seen.withLock {
            let request = Request(
                head: String(parts[0]),
                body: body,
                number: $0.requests.count + 1
            )
            $0.requests.append(request)
            return request
        }
    }
}
