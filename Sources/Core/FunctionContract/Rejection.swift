/// A request that cannot be served as sent. It becomes a 4xx with the reason, and changes nothing.
package struct Rejection: Error, Equatable, Sendable {
    package let status: Int
    package let code: String
    package let message: String

    package init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    package static func badRequest(_ message: String) -> Rejection {
        Rejection(status: 400, code: "bad_request", message: message)
    }

    package var reply: HTTPReply { .error(status, code, message) }
}
