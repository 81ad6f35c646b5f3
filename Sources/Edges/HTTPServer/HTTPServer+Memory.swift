internal import EventLoop

// The bytes that all connections hold together are bounded: many clients that are each within their
// limits would else fill the memory.

extension HTTPServer {
    /// Counts what a connection holds from now on, and makes room when all hold too much.
    func count(_ bytes: Int, of connection: HTTPConnection) {
        sharedBytes += shared(bytes) - shared(connection.heldBytes)
        connection.heldBytes = bytes
        while sharedBytes > limits.sharedBytes, let slowest = slowestConnection() {
            slowest.giveWay()
        }
    }

    private func shared(_ bytes: Int) -> Int { max(0, bytes - limits.freeBytes) }

    /// The connection that has made no progress for the longest time, of those that hold shared
    /// bytes and wait for their client. The request that a handler has in hand is not its fault.
    private func slowestConnection() -> HTTPConnection? {
        var slowest: HTTPConnection?
        for connection in connections
        where connection.waitsForClient && connection.heldBytes > limits.freeBytes {
            guard let other = slowest, other.progressAt <= connection.progressAt else {
                slowest = connection
                continue
            }
        }
        return slowest
    }
}
