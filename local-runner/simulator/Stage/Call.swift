import FunctionContract
import HTTPServer

/// A request to one of the simulated providers.
struct Call {
    let method: String
    /// The path as it was sent, without the query.
    let path: String
    /// The segments of the path, decoded.
    let segments: [String]
    let body: [UInt8]
    private let headers: HTTPHeaders
    private let query: String

    init(
        _ method: String,
        _ path: String,
        query: String = "",
        headers: HTTPHeaders = [:],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        segments = path.split(separator: "/").map { PercentEncoding.decode($0) }
    }

    init(_ request: HTTPRequest) {
        self.init(
            request.method,
            request.path,
            query: request.query,
            headers: request.headers,
            body: request.body
        )
    }

    /// The value of a query parameter.
    func parameter(_ name: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard PercentEncoding.decode(parts[0], plusIsSpace: true) == name else { continue }
            return parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
        }
        return nil
    }

    /// The body as JSON; nil when it is not JSON.
    var json: JSON? { try? JSONParser.parse(body) }

    /// The value of a header. `name` is in lower case.
    func header(_ name: String) -> String? { headers[name] }

    /// The value after `Bearer `.
    var bearerToken: String? {
        guard let value = header("authorization"), value.hasPrefix("Bearer ") else { return nil }
        return String(value.dropFirst("Bearer ".count))
    }
}

/// A provider's answer.
struct Answer: Equatable {
    var status: Int
    var headers: HTTPHeaders = ["content-type": "application/json"]
    var body: [UInt8]

    init(_ status: Int, _ json: JSON) {
        self.status = status
        body = json.bytes
    }

    init(_ status: Int, type: String, body: [UInt8]) {
        self.status = status
        headers = ["content-type": type]
        self.body = body
    }

    /// This answer with one more header, or unchanged when `value` is nil.
    func with(_ name: String, _ value: Int?) -> Answer {
        guard let value else { return self }
        var answer = self
        answer.headers.append(name, String(value))
        return answer
    }

    var response: HTTPResponse { HTTPResponse(status: status, headers: headers, body: body) }
}

/// The meaning of a request.
enum Action {
    /// The request is answered directly.
    case answer(Answer)
    /// A valid request to send a message.
    case send(Send)
    /// An invalid request to send a message.
    case refuse(Send, Refusal)
}

/// Why a provider refuses a request. Each provider words it differently.
enum Refusal: Equatable {
    case unauthorized
    case malformed(String)
    case missing(String)
    case invalid(String, String)
    case notFound(String)
    /// The number is not on WhatsApp.
    case absent(String)
    /// The sender must wait this many milliseconds.
    case tooFast(waitMilliseconds: Int)
    case tooFastForRecipient(waitMilliseconds: Int)
    case templateMissing(String)
    case templateParameters(expected: Int, found: Int)
    /// A refusal that the scenario demands.
    case scripted(ErrorRule)
    /// The simulator's storage is full.
    case full

    /// The word for the refusal in the ledger.
    var word: String {
        switch self {
        case .unauthorized: "unauthorized"
        case .malformed, .missing, .invalid, .notFound, .templateMissing, .templateParameters:
            "invalid"
        case .absent: "absent"
        case .tooFast, .tooFastForRecipient: "rate_limited"
        case .scripted: "error"
        case .full: "full"
        }
    }
}
