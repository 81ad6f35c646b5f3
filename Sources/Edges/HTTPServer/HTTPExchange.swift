/// One request and its answer. The handler may answer now or later, whole or in pieces.
///
/// Only the first answer counts. An answer to a client that has disconnected is discarded. Neither
/// is an error. Dropping an exchange without an answer sends a 500.
package final class HTTPExchange {
    /// The request that the client sent.
    package let request: HTTPRequest
    /// Called once if the connection breaks before the answer is complete.
    ///
    /// A client that closes only its own side still waits for the answer and gets it.
    package var onDisconnect: (() -> Void)?
    /// Called each time the queue of a streamed answer has drained into the kernel.
    package var onDrain: (() -> Void)?

    private var connection: HTTPConnection?
    private var streamFraming: ResponseHead.Framing?

    init(_ request: HTTPRequest, on connection: HTTPConnection) {
        self.request = request
        self.connection = connection
    }

    deinit {
        connection?.abandonExchange(hasBegun: streamFraming != nil)
    }

    /// Whether an answer can still reach the client.
    package var isOpen: Bool { connection != nil }

    /// Whether the client reads too slowly; if so, wait for `onDrain` before writing more.
    package var isBackedUp: Bool { connection?.isBackedUp ?? false }

    /// Answers with a complete response.
    package func reply(_ response: HTTPResponse) {
        guard streamFraming == nil, let connection = end() else { return }
        connection.send(response, to: request)
    }

    /// Begins an answer whose body follows in pieces.
    package func begin(status: Int, headers: HTTPHeaders = [:]) {
        guard streamFraming == nil, let connection else { return }
        guard isValid(status, headers) else { return reply(.invalid) }
        streamFraming = connection.beginStream(status, headers, for: request)
    }

    /// Sends a piece of the body after `begin`.
    package func write(_ bytes: [UInt8]) {
        guard let streamFraming, let connection, !bytes.isEmpty else { return }
        connection.sendPiece(bytes, streamFraming)
    }

    /// Ends the answer after `begin`.
    package func finish() {
        guard let streamFraming, let connection = end() else { return }
        connection.endStream(streamFraming)
    }

    /// Resets the connection, so that the partial answer cannot pass for a complete one.
    package func abort() {
        end()?.abort()
    }

    func didDisconnect() {
        connection = nil
        onDrain = nil
        let onDisconnect = onDisconnect
        self.onDisconnect = nil
        onDisconnect?()
    }

    @discardableResult
    private func end() -> HTTPConnection? {
        let connection = connection
        self.connection = nil
        onDisconnect = nil
        onDrain = nil
        return connection
    }
}

@available(*, unavailable)
extension HTTPExchange: Sendable {}

extension HTTPResponse {
    static let invalid = HTTPResponse(
        error: "invalid_response",
        status: 500,
        message: "The answer has a status or a header that HTTP does not allow."
    )
    static let missing = HTTPResponse(
        error: "no_response",
        status: 500,
        message: "The request was dropped without an answer."
    )
}

func isValid(_ status: Int, _ headers: HTTPHeaders) -> Bool {
    (200...599).contains(status) && headers.refused == nil
}
