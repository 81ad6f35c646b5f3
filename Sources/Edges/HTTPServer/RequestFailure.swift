/// Why the server refuses a request before the handler sees it. The connection ends with it.
package struct RequestFailure: Error, Equatable, Sendable {
    /// The HTTP status of the refusal.
    package let status: Int
    /// A stable error code for programs.
    package let code: String
    /// An error message for people.
    package let message: String

    /// Creates a refusal.
    package init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}

extension RequestFailure {
    static func malformed(_ reason: String) -> RequestFailure {
        RequestFailure(400, "bad_request", "The request is malformed: \(reason).")
    }

    static func targetTooLong(_ limit: Int) -> RequestFailure {
        RequestFailure(414, "target_too_long", "The request target is longer than \(limit) bytes.")
    }

    static func headTooLarge(_ limit: Int) -> RequestFailure {
        RequestFailure(431, "headers_too_large", "The headers are larger than \(limit) bytes.")
    }

    static func tooManyHeaders(_ limit: Int) -> RequestFailure {
        RequestFailure(431, "too_many_headers", "There are more than \(limit) header fields.")
    }

    static func bodyTooLarge(_ limit: Int) -> RequestFailure {
        RequestFailure(413, "body_too_large", "The body is larger than \(limit) bytes.")
    }

    static let version = RequestFailure(
        505,
        "version_not_supported",
        "This server speaks HTTP/1.1 and HTTP/1.0."
    )
    static let connect = RequestFailure(501, "connect_not_supported", "This server is no proxy.")
    static let transferCoding = RequestFailure(
        501,
        "transfer_coding_not_supported",
        "The only transfer coding this server can undo is chunked."
    )
    static let expectation = RequestFailure(
        417,
        "expectation_failed",
        "The only expectation this server can meet is 100-continue."
    )
    static let slowHead = RequestFailure(
        408,
        "headers_timeout",
        "The headers did not arrive in time."
    )
    static let slowBody = RequestFailure(408, "body_timeout", "The body did not arrive in time.")
    static let endedEarly = malformed("it ended before it was complete")
    static let tooManyBytes = RequestFailure(
        503,
        "too_many_bytes",
        "The server holds as many bytes as it can; try again."
    )
    static let overloaded = RequestFailure(
        503,
        "too_many_connections",
        "The server has as many connections as it can hold; try again."
    )
}
