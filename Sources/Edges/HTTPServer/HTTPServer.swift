package import EventLoop

/// An HTTP/1.1 and HTTP/1.0 server on one event loop.
///
/// The handler gets only requests that are complete, well formed and within the limits. Any other
/// request is refused with a small JSON error. Requests of one connection are answered in order.
package final class HTTPServer {
    /// Counters since the server started.
    package struct Counters: Equatable, Sendable {
        /// Connections open now.
        package var open = 0
        /// Connections accepted, including refused ones.
        package var accepted = 0
        /// Connections refused because too many were open.
        package var refused = 0
        /// Requests passed to the handler.
        package var requests = 0
    }

    let loop: EventLoop
    let limits: HTTPServerLimits
    /// The current counters.
    package private(set) var counters = Counters()
    /// Whether `drain` has begun.
    package private(set) var isDraining = false
    /// Whether each answer ends its connection.
    private(set) var endsConnections = false
    /// When idle connections are closed, even if their own deadline is later.
    private(set) var idleEndsAt = UInt64.max
    /// Returns the longest body that a request may have. The server calls it once the head is
    /// complete, if the body may exceed the connection's free bytes.
    ///
    /// Nil means that nobody would read the body. The handler then gets the request without its
    /// body, and the connection ends after the answer.
    package var bodyLimit: ((HTTPRequest) -> Int?)?
    /// Bytes that the connections hold beyond their free bytes.
    var sharedBytes = 0

    private let handler: (HTTPExchange) -> Void
    private var listeners: [Listener] = []
    private(set) var connections: [HTTPConnection] = []
    private var sweeper: Timer?
    private var graceTimer: Timer?
    private var onDrained: [() -> Void] = []
    private var date = HTTPDate()
    private var spareOutput: [UInt8] = []

    /// Creates a server that does not listen yet. The handler may answer each request later.
    package init(
        on loop: EventLoop,
        limits: HTTPServerLimits = HTTPServerLimits(),
        handler: @escaping (HTTPExchange) -> Void
    ) {
        self.loop = loop
        self.limits = limits
        self.handler = handler
    }

    /// Accepts connections on a numeric address and returns the port; port 0 picks a free one.
    package func listen(host: String, port: UInt16) throws(UVError) -> UInt16 {
        let listener = try Listener(on: loop, host: host, port: port) { [unowned self] stream in
            accept(stream)
        }
        try adopt(listener)
        return listener.port
    }

    /// Accepts connections on a Unix socket to which only this user may connect.
    package func listen(socket file: SocketFile) throws(UVError) {
        try adopt(try Listener(on: loop, socket: file) { [unowned self] in accept($0) })
    }

    /// From now on every answer ends its connection. The client then opens a new one, which a load
    /// balancer can route elsewhere. New connections are still accepted.
    package func endConnections() {
        endsConnections = true
    }

    /// Stops accepting connections, finishes the requests that have begun, and closes connections
    /// that stay idle for `drainIdleMilliseconds`.
    ///
    /// Connections still open after the grace period are reset. The completion is called once
    /// everything is closed and the server holds no more handles on the loop.
    package func drain(graceMilliseconds: UInt64, completion: @escaping () -> Void = {}) {
        onDrained.append(completion)
        guard !isDraining else { return finishDrainIfEmpty() }
        isDraining = true
        endsConnections = true
        idleEndsAt = loop.now + limits.drainIdleMilliseconds
        for listener in listeners {
            listener.acceptWaiting()
            listener.close()
        }
        listeners = []
        graceTimer?.start(after: graceMilliseconds)
        for connection in connections { connection.settle() }
        finishDrainIfEmpty()
    }
}

@available(*, unavailable)
extension HTTPServer: Sendable {}

// MARK: - Connections

extension HTTPServer {
    private func accept(_ stream: Stream) {
        counters.accepted += 1
        let isFull = connections.count >= limits.connections
        if isFull { counters.refused += 1 }
        // Beyond this limit, connections are closed without an error answer to save memory.
        let most = limits.connections + min(limits.connections / 8, HTTPServer.turnedAwayAtOnce)
        guard connections.count <= most else {
            return stream.close()
        }
        let connection = HTTPConnection(on: self, stream)
        connection.slot = connections.count
        connections.append(connection)
        counters.open = connections.count
        if let sweeper, !sweeper.isActive { sweeper.start(after: period, repeating: period) }
        connection.start(refusing: isFull ? .overloaded : nil)
    }

    func handle(_ exchange: HTTPExchange) {
        counters.requests += 1
        handler(exchange)
    }

    func remove(_ connection: HTTPConnection) {
        let last = connections.removeLast()
        if last !== connection {
            connections[connection.slot] = last
            last.slot = connection.slot
        }
        counters.open = connections.count
        if connections.isEmpty { sweeper?.stop() }
        finishDrainIfEmpty()
    }

    private static let turnedAwayAtOnce = 256
}

// MARK: - Time

extension HTTPServer {
    private func adopt(_ listener: Listener) throws(UVError) {
        do throws(UVError) {
            try prepareTimers()
        } catch {
            listener.close()
            throw error
        }
        listeners.append(listener)
    }

    private func prepareTimers() throws(UVError) {
        guard sweeper == nil else { return }
        sweeper = try Timer(on: loop) { [unowned self] in sweep() }
        graceTimer = try Timer(on: loop) { [unowned self] in cut() }
    }

    // Iterates backwards, because `remove` replaces a closed connection by the last one.
    private func sweep() {
        let now = loop.now
        for index in connections.indices.reversed() where index < connections.count {
            let connection = connections[index]
            if connection.deadline <= now { connection.expire() }
        }
    }

    /// The interval between sweeps: a deadline is noticed at most this late.
    private var period: UInt64 {
        let shortest = min(
            limits.headMilliseconds,
            limits.bodyMilliseconds,
            limits.idleMilliseconds,
            limits.writeMilliseconds,
            limits.lingerMilliseconds,
            limits.drainIdleMilliseconds
        )
        return min(max(shortest / 4, 5), 500)
    }

    private func cut() {
        for connection in connections { connection.abort() }
    }

    private func finishDrainIfEmpty() {
        guard isDraining, connections.isEmpty, !onDrained.isEmpty else { return }
        sweeper?.close()
        graceTimer?.close()
        let completions = onDrained
        onDrained = []
        for completion in completions { completion() }
    }
}

// MARK: - Shared by all connections

extension HTTPServer {
    func dateLine() -> [UInt8] {
        date.refresh()
        return date.line
    }

    /// Lends a spare output buffer to a connection without one. `returnOutput` gives it back.
    func lendOutput(to output: inout [UInt8]) {
        swap(&output, &spareOutput)
    }

    func returnOutput(_ output: consuming [UInt8]) {
        guard output.capacity <= HTTPServer.spareOutputBytes else { return }
        output.removeAll(keepingCapacity: true)
        spareOutput = output
    }

    private static let spareOutputBytes = 128 * 1024
}
