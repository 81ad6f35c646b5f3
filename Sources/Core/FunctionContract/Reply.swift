/// What a function answers.
package enum Reply: Equatable, Sendable {
    case http(HTTPReply)
    case batch(BatchReply)
    case failure(FunctionFailure)

    /// Queues that have work since this event.
    package var wake: [String] {
        switch self {
        case .http(let reply): reply.wake
        case .batch(let reply): reply.wake
        case .failure: []
        }
    }
}

/// An HTTP response as API Gateway's HTTP API takes it from a function (payload format 2.0).
package struct HTTPReply: Equatable, Sendable {
    package var statusCode: Int
    package var headers: HTTPFields
    package var cookies: [String]
    package var body: [UInt8]
    /// Queues that have work since this event; a host that knows the key triggers them at once.
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

    /// An error in the one shape that every endpoint of Relais uses.
    package static func error(_ status: Int, _ code: String, _ message: String) -> HTTPReply {
        .json(["error": ["code": .string(code), "message": .string(message)]], status: status)
    }
}

/// What a schedule or a queue trigger did, and whether work is left.
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

/// A function that could not do what it was asked: `type` for machines, `message` for people.
package struct FunctionFailure: Error, Equatable, Sendable {
    package let type: String
    package let message: String

    package init(type: String, message: String) {
        self.type = type
        self.message = message
    }
}

extension FunctionFailure {
    /// An event of a type that no function knows.
    package static let unknownEvent = "UnknownEvent"
    /// An event for which this function has no handler.
    package static let unsupportedEvent = "UnsupportedEvent"

    /// Whether the function took no notice of the event: to deliver it again is of no use.
    package var isWrongEvent: Bool { [Self.unknownEvent, Self.unsupportedEvent].contains(type) }

    /// The answer to whoever delivered the event over HTTP: brokers do not repeat a 422.
    package var rejection: Rejection {
        Rejection(status: 422, code: "wrong_event", message: message)
    }
}
