internal import FunctionContract

/// The four calls of the Lambda Runtime API (2018-06-01) over one kept connection.
final class LambdaRuntimeAPI {
    private static let base = "/2018-06-01/runtime"

    private let connection: SocketHTTPClient

    init(address: String) throws(LambdaError) {
        let parts = address.split(separator: ":", maxSplits: 1)
        guard let host = parts.first, let port = UInt16(parts.count > 1 ? parts[1] : "80") else {
            throw LambdaError("AWS_LAMBDA_RUNTIME_API: expected host:port, found \"\(address)\"")
        }
        connection = SocketHTTPClient(host: String(host), port: port)
    }

    /// Waits, for as long as it takes, for the next event.
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

    func respond(_ body: [UInt8], to requestID: String) throws(LambdaError) {
        try post("invocation/\(requestID)/response", body)
    }

    func reportError(_ failure: FunctionFailure, of requestID: String) throws(LambdaError) {
        try post("invocation/\(requestID)/error", body(of: failure), failure.type)
    }

    func reportInitError(_ failure: FunctionFailure) throws(LambdaError) {
        try post("init/error", body(of: failure), failure.type)
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
        _ errorType: String? = nil
    ) throws(LambdaError) {
        var headers = HTTPFields(dictionaryLiteral: ("content-type", "application/json"))
        if let errorType {
            let category = errorType.contains(".") ? errorType : "Function.\(errorType)"
            headers.add("lambda-runtime-function-error-type", category)
        }
        let reply = try connection.send("POST", "\(Self.base)/\(path)", headers, body)
        // 413 means that the platform has already told the caller; the next event can come.
        guard (200..<300).contains(reply.status) || reply.status == 413 else {
            throw LambdaError("the Runtime API answered \(reply.status) to \(path)")
        }
    }
}
