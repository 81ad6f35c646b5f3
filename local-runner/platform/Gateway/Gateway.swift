import EventLoop
import FunctionContract
import FunctionRuntime
import HTTPServer

/// Turns HTTP requests into events for functions and replies into HTTP responses.
final class Gateway {
    let platform: Platform
    private let console: Console
    let metrics: Metrics
    /// The token that grants operator access on the public port; nil grants it to nobody.
    let operatorToken: String?
    private var requestIDs = RequestIDs()
    private let logsAccess: Bool

    init(
        _ platform: Platform,
        console: Console,
        metrics: Metrics,
        logsAccess: Bool,
        operatorToken: String?
    ) {
        self.platform = platform
        self.operatorToken = operatorToken
        self.console = console
        self.metrics = metrics
        self.logsAccess = logsAccess
    }

    /// Answers a request on the public port.
    func answer(_ exchange: HTTPExchange) {
        let request = exchange.request
        let pending = pending(exchange)
        if pending.path.hasPrefix("/_") { return answerPublicly(pending) }
        switch platform.router.find(method: request.method, path: pending.path) {
        case .found(let match): invoke(match, pending)
        case .wrongMethod(let allowed): refuseMethod(pending, allowed: allowed)
        case .notFound:
            guard pending.path == "/", let host = platform.onlyHostWithoutRoutes else {
                return refusePath(pending)
            }
            deliver(to: host, pending)
        }
    }

    /// Answers a request on the operator socket.
    func answerOperator(_ exchange: HTTPExchange) {
        answerOperator(pending(exchange))
    }

    /// The longest body of a request on the public port; nil when the body is not read.
    func bodyLimit(_ request: HTTPRequest) -> Int? {
        let path = request.path
        if path.hasPrefix("/_") { return isOperator(request) ? operatorBodyLimit(request) : nil }
        switch platform.router.find(method: request.method, path: path) {
        case .found(let match):
            return platform.hosts[match.route.target].definition.bodyLimit
        case .wrongMethod: return nil
        case .notFound:
            guard path == "/", request.method == "POST" else { return nil }
            return platform.onlyHostWithoutRoutes?.definition.bodyLimit
        }
    }

    private func pending(_ exchange: HTTPExchange) -> Pending {
        let request = exchange.request
        return Pending(
            exchange,
            path: request.path,
            requestID: acceptableID(request.headers["x-request-id"]) ?? requestIDs.next(),
            startedAt: platform.loop.hrtime
        )
    }

    /// A request that has no response yet.
    final class Pending {
        let exchange: HTTPExchange
        let path: String
        let requestID: String
        let startedAt: UInt64

        init(_ exchange: HTTPExchange, path: String, requestID: String, startedAt: UInt64) {
            self.exchange = exchange
            self.path = path
            self.requestID = requestID
            self.startedAt = startedAt
        }
    }

    private func invoke(_ match: RouteTable.Match, _ pending: Pending) {
        let host = platform.hosts[match.route.target]
        metrics.inFlight += 1
        let hasTrace = pending.exchange.request.headers["traceparent"] != nil
        let event = RequestEvent(
            pending: pending,
            routeKey: match.route.pattern.key,
            parameters: match.parameters,
            traceparent: hasTrace ? nil : requestIDs.traceparent(pending.requestID),
            time: Timestamp.now
        )
        let call = Call(event) { [unowned self] in
            metrics.inFlight -= 1
            finish(pending, response(to: $0, host), function: host.name)
        }
        let number = host.submit(call)
        pending.exchange.onDisconnect = { [unowned self, unowned host] in
            if host.cancel(number) { metrics.inFlight -= 1 }
        }
    }

    /// Answers that this path does not exist, or is not open to this client.
    func refusePath(_ pending: Pending) {
        let message =
            "no function answers \(pending.path); `local-runner routes` lists what there is"
        finish(pending, .error(404, "not_found", message), function: nil)
    }

    func refuseMethod(_ pending: Pending, allowed: [String]) {
        let method = pending.exchange.request.method
        let reply = HTTPReply.wrongMethod(method, at: pending.path, allowed: allowed)
        finish(pending, reply, function: nil)
    }

    func response(to outcome: Call.Outcome, _ host: FunctionHost) -> HTTPReply {
        switch outcome {
        case .reply(.http(let reply)): return reply
        case .reply(.batch(let reply)):
            return .json([
                "processed": .integer(reply.processed), "remaining": .integer(reply.remaining),
            ])
        case .reply(.failure(let failure)):
            console.error("\(host.name): \(failure.type): \(failure.message)")
            return .error(500, "function_failed", "the function failed; its log says why")
        case .refused(let refusal): return refusal.reply(host)
        case .failed(.timedOut, let problem): return .error(504, "timed_out", problem)
        case .failed(.died, let problem): return .error(502, "bad_reply", problem)
        }
    }

    /// A proxy's request id is kept when it is safe in logs and headers.
    private func acceptableID(_ id: String?) -> String? {
        guard let id, !id.isEmpty, id.utf8.count <= 128,
            id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") })
        else { return nil }
        return id
    }

    func finish(_ pending: Pending, _ reply: HTTPReply, function: String?) {
        let elapsed = platform.loop.hrtime - pending.startedAt
        metrics.observe(function, pending.exchange.request.method, reply.statusCode, elapsed)
        if logsAccess {
            console.access(
                AccessEntry(
                    method: pending.exchange.request.method,
                    path: pending.path,
                    status: reply.statusCode,
                    bytes: reply.body.count,
                    microseconds: elapsed / 1000,
                    function: function,
                    requestID: pending.requestID,
                    peer: pending.exchange.request.peer?.host ?? ""
                )
            )
        }
        pending.exchange.reply(HTTPResponse(reply, requestID: pending.requestID))
    }
}

extension InstancePool.Refusal {
    fileprivate func reply(_ host: FunctionHost) -> HTTPReply {
        var reply: HTTPReply
        switch self {
        case .queueFull:
            reply = .error(
                429,
                "queue_full",
                "as many requests as may wait for \(host.name) do already; come back later"
            )
        case .waitedTooLong:
            reply = .error(503, "no_instance", "no instance of \(host.name) came free in time")
        case .draining: reply = .error(503, "draining", "the platform is shutting down")
        }
        reply.headers.add("retry-after", "1")
        return reply
    }
}

extension HTTPResponse {
    fileprivate init(_ reply: HTTPReply, requestID: String) {
        self.init(status: reply.statusCode, body: reply.body)
        for (name, value) in reply.headers.fields where !Self.isHopByHop(name) {
            headers.append(name, value)
        }
        for cookie in reply.cookies { headers.append("set-cookie", cookie) }
        if reply.headers["x-request-id"] == nil { headers.append("x-request-id", requestID) }
    }

    /// Headers about one connection are set by the server, not by the function.
    private static func isHopByHop(_ name: String) -> Bool {
        switch name {
        case "connection", "content-length", "keep-alive", "transfer-encoding", "upgrade",
            "trailer", "te", "proxy-connection":
            true
        default: false
        }
    }
}
