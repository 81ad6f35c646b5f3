import EventLoop
import Testing

/// Both ends of one TCP connection, on one loop.
struct ConnectedPair {
    let loop: EventLoop
    let client: Stream
    let server: Stream
    private let listener: Listener

    init(host: String = "127.0.0.1") throws {
        let loop = try EventLoop()
        var accepted: Stream?
        var connected: Stream?
        listener = try Listener(on: loop, host: host, port: 0) { accepted = $0 }
        try Connector.connect(on: loop, host: host, port: listener.port) { result in
            connected = try? result.get()
        }
        try loop.wait { accepted != nil && connected != nil }
        self.loop = loop
        client = try #require(connected)
        server = try #require(accepted)
    }

    func close() throws {
        client.close()
        server.close()
        listener.close()
        try loop.finish()
    }
}

extension Span<UInt8> {
    func copy(to bytes: inout [UInt8]) {
        for index in indices { bytes.append(self[index]) }
    }
}
