internal import FunctionContract

/// The fork modes of OpenFaaS watchdogs: the body on stdin, the request in the environment, the
/// reply's body on stdout.
///
/// These modes carry no status and no headers. Every reply except a 2xx ends with exit code 1. The
/// mode `serializing` and the classic watchdog turn that into a 500, so that no failure looks like
/// a success. The mode `streaming` answers 200 even then. To send statuses, run `local-runner` as
/// the upstream of the mode `http`.
struct WatchdogHost {
    let process: FunctionProcess
    var input = Descriptor.standardInput
    let output: Descriptor

    func run(_ function: Function) throws(DescriptorError) -> CInt {
        let body = try input.readToEnd(limit: Limits.bodyBytes)
        guard body.count <= Limits.bodyBytes else {
            process.log.error(FunctionFailure.bodyTooLarge.message)
            return try finish(.failure(.bodyTooLarge))
        }
        var writer = JSONWriter(reserving: 1024)
        let call = HostCall(deadline: process.startedAt + timeLimit)
        let reply = process.answer(.http(event(body)), with: function, call: call)
        return try finish(reply.withinLimit(&writer))
    }

    /// The shorter of the watchdog's limit and the function's own.
    private var timeLimit: Duration {
        guard let text = process.environment["exec_timeout"] else {
            return min(process.timeLimit, Self.defaultTimeLimit)
        }
        guard let limit = Duration(goDuration: text), limit > .zero else {
            return process.timeLimit
        }
        return min(process.timeLimit, limit)
    }

    /// The shortest default limit of any watchdog version.
    private static let defaultTimeLimit = Duration.seconds(10)

    private func finish(_ reply: Reply) throws(DescriptorError) -> CInt {
        switch reply {
        case .http(let reply):
            try output.write(reply.body)
            if (200..<300).contains(reply.statusCode) { return 0 }
            process.log.error(
                "status \(reply.statusCode) is lost: this mode of the watchdog carries none; use"
                    + " mode http with local-runner as its upstream"
            )
            return 1
        case .batch:
            try output.write(reply.bytes)
            return 0
        case .failure:
            try output.write(reply.bytes)
            return 1
        }
    }

    private func event(_ body: [UInt8]) -> HTTPEvent {
        let environment = process.environment
        var headers = HTTPFields()
        let prefix = "Http_"
        for (name, value) in environment.variables.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(prefix) && !Self.requestLine.contains(name) {
            let header = name.dropFirst(prefix.count).lowercased()
            headers.add(String(header.map { $0 == "_" ? "-" : $0 }), value)
        }
        return HTTPEvent(
            method: environment["Http_Method"] ?? "POST",
            // The watchdog has decoded the path; an event carries it encoded.
            path: environment["Http_Path"].map { PercentEncoding.encode(path: $0) } ?? "/",
            query: environment["Http_Query"] ?? "",
            headers: headers,
            body: body.isEmpty ? nil : body,
            requestID: headers["x-call-id"] ?? "",
            time: process.clock()
        )
    }

    private static let requestLine: Set = ["Http_Method", "Http_Path", "Http_Query"]
}

extension HTTPEvent {
    /// A request from a host without payload 2.0, in the form that API Gateway would give it: the
    /// cookies are separate from the headers.
    init(
        method: String,
        path: String,
        query: String,
        headers: HTTPFields,
        body: [UInt8]?,
        requestID: String,
        time: Timestamp
    ) {
        self.init()
        rawPath = path
        rawQueryString = query
        queryStringParameters = Self.parameters(ofQuery: query)
        self.headers = headers
        self.headers["cookie"] = nil
        cookies = headers.fields.filter { $0.name == "cookie" }.flatMap { field in
            field.value.split(separator: ";").map { String($0.drop { $0 == " " }) }
        }
        self.body = body
        requestContext.requestId = requestID
        requestContext.time = time
        requestContext.http.method = method
        requestContext.http.path = path
        requestContext.http.userAgent = headers["user-agent"] ?? ""
    }
}
