/// The answer of a function.
package enum Reply: Equatable, Sendable {
    case http(HTTPReply)
    case batch(BatchReply)
    case failure(FunctionFailure)

    /// Queues that have new work after this event.
    package var wake: [String] {
        switch self {
        case .http(let reply): reply.wake
        case .batch(let reply): reply.wake
        case .failure: []
        }
    }
}

/// An HTTP response in the form of API Gateway's HTTP API (payload format 2.0).
package struct HTTPReply: Equatable, Sendable {
    package var statusCode: Int
    package var headers: HTTPFields
    package var cookies: [String]
    package var body: [UInt8]
    /// Queues that have new work after this event. Hosts that know this key trigger them at once.
    package var wake: [String]

    package init(
        statusCode: Int = 200,
        headers: HTTPFields = HTTPFields(),
        cookies: [String] = [],
        body: [UInt8] = [],
        wake: [String] = []
    ) {
        self.statusCode = statusCode
        self.headers = headers
        self.cookies = cookies
        self.body = body
        self.wake = wake
    }

    package static func json(_ value: JSON, status: Int = 200) -> HTTPReply {
        HTTPReply(
            statusCode: status,
            headers: ["content-type": "application/json"],
            body: value.bytes
        )
    }

    package static func text(_ text: String, status: Int = 200) -> HTTPReply {
        HTTPReply(
            statusCode: status,
            headers: ["content-type": "text/plain; charset=utf-8"],
            body: Array(text.utf8)
        )
    }

    package static func error(_ status: Int, _ code: String, _ message: String) -> HTTPReply {
        .json(.error(code, message), status: status)
    }
}

extension JSON {
    /// An error in the shape that all endpoints of Relais share.
    package static func error(_ code: String, _ message: String) -> JSON {
        ["error": ["code": .string(code), "message": .string(message)]]
    }
}

/// The result of a schedule or queue event, and whether work remains.
package struct BatchReply: Equatable, Sendable {
    package var processed: Int
    package var remaining: Int
    package var wake: [String]

    package init(processed: Int = 0, remaining: Int = 0, wake: [String] = []) {
        self.processed = processed
        self.remaining = remaining
        self.wake = wake
    }
}

/// The failure of a function: `type` for machines, `message` for people.
package struct FunctionFailure: Error, Equatable, Sendable {
    package let type: String
    package let message: String

    package init(type: String, message: String) {
        self.type = type
        self.message = message
    }
}

extension FunctionFailure {
    /// An event of a type that no function handles.
    package static let unknownEvent = "UnknownEvent"
    /// An event for which this function has no handler.
    package static let unsupportedEvent = "UnsupportedEvent"

    /// Whether the function ignored the event, so that delivering it again is pointless.
    package var isWrongEvent: Bool { [Self.unknownEvent, Self.unsupportedEvent].contains(type) }

    /// The reply to a sender that delivered the event over HTTP. Brokers do not repeat a 422.
    package var rejection: Rejection {
        Rejection(status: 422, code: "wrong_event", message: message)
    }
}
