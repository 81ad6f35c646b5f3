internal import EventLoop

// The memory of all connections together is bounded. Otherwise many clients, each within its own
// limits, could exhaust the memory.

extension HTTPServer {
    /// Records how many bytes a connection holds. Ends the slowest connections while the total is
    /// over the limit.
    func count(_ bytes: Int, of connection: HTTPConnection) {
        sharedBytes += shared(bytes) - shared(connection.heldBytes)
        connection.heldBytes = bytes
        while sharedBytes > limits.sharedBytes, let slowest = slowestConnection() {
            slowest.giveWay()
        }
    }

    private func shared(_ bytes: Int) -> Int { max(0, bytes - limits.freeBytes) }

    /// The connection without progress for the longest time, among those that hold shared bytes and
    /// wait for their client. A request in the handler is excluded: the client is not the cause.
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
