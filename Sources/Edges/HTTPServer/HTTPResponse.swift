internal import FunctionContract

/// A complete answer.
///
/// The server writes the status text and the fields for length, framing, connection and `date`. It
/// ignores these fields in `headers`, with two exceptions: `connection: close` ends the connection,
/// and `date` is kept. A status outside 200 to 599, or a header that could break the framing, turns
/// the answer into a 500.
package struct HTTPResponse: Equatable, Sendable {
    /// The status code, 200 to 599.
    package var status: Int
    /// The header fields, without those that the server writes.
    package var headers: HTTPHeaders
    /// The body. It is not sent for a HEAD request, or with status 204, 205 or 304.
    package var body: [UInt8]

    /// Creates a complete answer.
    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension HTTPResponse {
    /// A small JSON error: `{"error":{"code":…,"message":…}}`.
    package init(error code: String, status: Int, message: String) {
        self.init(
            status: status,
            headers: ["content-type": "application/json"],
            body: JSON.error(code, message).bytes + [UInt8(ascii: "\n")]
        )
    }
}
