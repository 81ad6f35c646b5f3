internal import FunctionContract

/// The four calls of the Lambda Runtime API (2018-06-01), over one persistent connection.
final class LambdaRuntimeAPI {
    private static let base = "/2018-06-01/runtime"

    private let connection: SocketHTTPClient

    init(address: String) throws(LambdaError) {
        let parts = address.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let port = UInt16(parts[1]) else {
            throw LambdaError("AWS_LAMBDA_RUNTIME_API: expected host:port, found \"\(address)\"")
        }
        connection = SocketHTTPClient(host: String(parts[0]), port: port)
    }

    /// Waits for the next event, without a time limit.
    func next() throws(LambdaError) -> LambdaInvocation {
        let reply = try connection.send("GET", "\(Self.base)/invocation/next")
        guard reply.status == 200, let id = reply.headers["lambda-runtime-aws-request-id"] else {
            throw LambdaError("the Runtime API answered \(reply.status) to a call for an event")
        }
        let deadline = reply.headers["lambda-runtime-deadline-ms"].flatMap { Int64($0) }
        return LambdaInvocation(
            requestID: id,
            deadline: deadline.map(Timestamp.init(milliseconds:)),
            traceID: reply.headers["lambda-runtime-trace-id"],
            payload: reply.body
        )
    }

    /// Sends the answer once. It is never sent again, even after a connection error.
    func respond(_ body: [UInt8], to requestID: String) throws(LambdaError) -> Receipt {
        try post("invocation/\(requestID)/response", body)
    }

    func reportError(
        _ failure: FunctionFailure,
        of requestID: String
    ) throws(LambdaError) -> Receipt {
        try post("invocation/\(requestID)/error", body(of: failure), failure)
    }

    func reportInitError(_ failure: FunctionFailure) throws(LambdaError) {
        _ = try post("init/error", body(of: failure), failure)
    }

    private func body(of failure: FunctionFailure) -> [UInt8] {
        let json: JSON = [
            "errorMessage": .string(failure.message), "errorType": .string(failure.type),
            "stackTrace": [],
        ]
        return json.bytes
    }

    private func post(
        _ path: String,
        _ body: [UInt8],
        _ failure: FunctionFailure? = nil
    ) throws(LambdaError) -> Receipt {
        var headers = HTTPFields(dictionaryLiteral: ("content-type", "application/json"))
        if let failure { headers.add("lambda-runtime-function-error-type", failure.category) }
        let reply = try connection.send("POST", "\(Self.base)/\(path)", headers, body)
        switch reply.status {
        case 200..<300: return .accepted
        case 400..<500: return .refused(status: reply.status)
        default: throw LambdaError("the Runtime API answered \(reply.status) to \(path)")
        }
    }
}

extension LambdaRuntimeAPI {
    /// The platform's response to an answer.
    enum Receipt: Equatable {
        case accepted
        /// Too long (413), too late (403) or unknown (400). The caller already has an error, and
        /// the next event can come.
        case refused(status: Int)
    }
}

extension FunctionFailure {
    /// `Category.Reason`, the only form that the platform accepts.
    fileprivate var category: String {
        let words = type.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = words.allSatisfy { word in
            !word.isEmpty && word.allSatisfy { $0.isASCII && $0.isLetter }
        }
        switch (isPlain, words.count, words.first) {
        case (true, 1, _): return "Function.\(type)"
        case (true, 2, "Function"), (true, 2, "Runtime"): return type
        default: return "Function.Unknown"
        }
    }
}
