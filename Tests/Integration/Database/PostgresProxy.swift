import Glibc
import Synchronization

/// Stands between a client and the server of this process: counts round trips, and can swallow the
/// answer to what it is told to.
final class PostgresProxy: Sendable {
    struct Seen {
        var connections = 0
        /// How often the client spoke after the server had.
        var roundTrips = 0
    }

    let port: UInt16
    private let listener = LoopbackSocket.listening()
    private let folder: String
    private let seen = Mutex(Seen())
    private let swallowed: Mutex<(text: String, times: Int)>
    private let thread = Mutex<BackgroundThread?>(nil)

    /// The first `times` connections on which the client says `text` end once the server has
    /// answered it, and the answer never arrives.
    init(to fixture: PostgresFixture, swallowingAnswerTo text: String = "", times: Int = 0) {
        port = listener.port
        folder = fixture.folder
        swallowed = Mutex((text, times))
        let started = BackgroundThread { [self] in
            while let client = listener.accepted() { serve(client) }
        }
        thread.withLock { $0 = started }
    }

    func url(database: String) -> String {
        "postgresql://postgres@127.0.0.1:\(port)/\(database)?sslmode=disable"
    }

    func stop() {
        listener.stop()
        thread.withLock { $0.take() }?.join()
        listener.close()
    }

    /// Round trips since the last call.
    func takeRoundTrips() -> Int { seen.withLock { exchange(&$0.roundTrips, with: 0) } }

    var connections: Int { seen.withLock { $0.connections } }

    /// One connection at a time is all that the tests need.
    private func serve(_ client: LoopbackSocket) {
        let server = LoopbackSocket.connected(toPath: folder + "/.s.PGSQL.5432")
        defer {
            server.close()
            client.close()
        }
        seen.withLock { $0.connections += 1 }
        var serverSpokeLast = true
        while let side = readable(client, server) {
            guard let bytes = (side == .client ? client : server).received() else { return }
            if side == .server {
                serverSpokeLast = true
                client.write(bytes)
                continue
            }
            if serverSpokeLast { seen.withLock { $0.roundTrips += 1 } }
            serverSpokeLast = false
            server.write(bytes)
            if mustSwallow(bytes) {
                _ = server.received()
                return
            }
        }
    }

    private func mustSwallow(_ bytes: [UInt8]) -> Bool {
        swallowed.withLock {
            guard $0.times > 0, bytes.firstRange(of: $0.text.utf8) != nil else { return false }
            $0.times -= 1
            return true
        }
    }

    private enum Side { case client, server }

    private func readable(_ client: LoopbackSocket, _ server: LoopbackSocket) -> Side? {
        var sockets = [client, server].map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        guard unsafe poll(&sockets, 2, -1) > 0 else { return nil }
        return sockets[0].revents != 0 ? .client : .server
    }
}
