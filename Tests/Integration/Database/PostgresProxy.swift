import Glibc
import Synchronization

/// Stands between a client and the server of this process: counts round trips, and can play a trick
/// on a client that says a certain text.
final class PostgresProxy: Sendable {
    struct Seen {
        var connections = 0
        /// How often the client spoke after the server had.
        var roundTrips = 0
    }

    enum Trick {
        /// The server answers, the answer never arrives, and the connection ends.
        case swallowAnswer
        /// Nothing arrives any more, on either side, and nothing ends.
        case goSilent
    }

    let port: UInt16
    private let listener = LoopbackSocket.listening()
    private let folder: String
    private let seen = Mutex(Seen())
    private let tricks: Mutex<(trick: Trick, text: String, times: Int)>
    private let thread = Mutex<BackgroundThread?>(nil)

    /// Plays the trick the first `times` times that a client says `text`.
    init(to fixture: PostgresFixture, _ trick: Trick, on text: String, times: Int = 1) {
        port = listener.port
        folder = fixture.folder
        tricks = Mutex((trick, text, times))
        let started = BackgroundThread { [self] in
            while let client = listener.accepted() { serve(client) }
        }
        thread.withLock { $0 = started }
    }

    convenience init(to fixture: PostgresFixture) {
        self.init(to: fixture, .goSilent, on: "", times: 0)
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
            switch trick(on: bytes) {
            case .swallowAnswer:
                _ = server.received()
                return
            case .goSilent:
                while client.received() != nil {}
                return
            case nil: break
            }
        }
    }

    private func trick(on bytes: [UInt8]) -> Trick? {
        tricks.withLock {
            guard $0.times > 0, bytes.firstRange(of: $0.text.utf8) != nil else { return nil }
            $0.times -= 1
            return $0.trick
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
