internal import FunctionContract

/// The fork modes of OpenFaaS watchdogs: the body on stdin, the request in the environment, the
/// body of the answer on stdout.
///
/// These modes carry no status and no headers. An answer of 500 or more ends with exit code 1,
/// which the watchdog turns into a 500; for everything else run `local-runner` as the upstream of
/// mode `http`.
struct WatchdogHost {
    let process: FunctionProcess
    var input = Descriptor.standardInput
    var output = Descriptor.standardOutput

    func run(_ function: Function) throws(DescriptorError) -> CInt {
        let body = try input.readToEnd(limit: Limits.bodyBytes)
        guard body.count <= Limits.bodyBytes else {
            process.log.error(FunctionFailure.eventTooLarge.message)
            return 1
        }
        switch process.answer(.http(event(body)), with: function) {
        case .http(let reply):
            try output.write(reply.body)
            if reply.statusCode >= 400 {
                process.log.warning("status \(reply.statusCode) is lost: this host carries none")
            }
            return reply.statusCode >= 500 ? 1 : 0
        case .batch(let reply):
            try output.write(Reply.batch(reply).bytes)
            return 0
        case .failure(let failure):
            try output.write(Reply.failure(failure).bytes)
            return 1
        }
    }

    private func event(_ body: [UInt8]) -> HTTPEvent {
        let environment = process.environment
        var event = HTTPEvent()
        event.rawPath = environment["Http_Path"] ?? "/"
        event.rawQueryString = environment["Http_Query"] ?? ""
        event.queryStringParameters = HTTPEvent.parameters(ofQuery: event.rawQueryString)
        event.requestContext.http.method = environment["Http_Method"] ?? "POST"
        event.requestContext.http.path = event.rawPath
        event.requestContext.time = process.clock()
        event.body = body.isEmpty ? nil : body
        let prefix = "Http_"
        for (name, value) in environment.variables.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(prefix) && !Self.requestLine.contains(name) {
            let header = name.dropFirst(prefix.count).lowercased()
            event.headers.add(String(header.map { $0 == "_" ? "-" : $0 }), value)
        }
        event.requestContext.requestId = event.headers["x-call-id"] ?? ""
        return event
    }

    private static let requestLine: Set = ["Http_Method", "Http_Path", "Http_Query"]
}
