import EventLoop
import FunctionContract
import FunctionRuntime
import HTTPServer

/// Turns HTTP requests into events for functions and replies into HTTP responses.
final class Gateway {
    let platform: Platform
    private let console: Console
    private let metrics: Metrics
    let invokeToken: String?
    private var requestIDs = RequestIDs()
    private let logsAccess: Bool

    init(
        _ platform: Platform,
        console: Console,
        metrics: Metrics,
        logsAccess: Bool,
        invokeToken: String?
    ) {
        self.platform = platform
        self.invokeToken = invokeToken
        self.console = console
        self.metrics = metrics
        self.logsAccess = logsAccess
    }

    func answer(_ exchange: HTTPExchange) {
        let request = exchange.request
        let path = request.path
        let pending = Pending(
            exchange,
            path: path,
            requestID: acceptableID(request.headers["x-request-id"]) ?? requestIDs.next(),
            startedAt: platform.loop.hrtime
        )
        if path.hasPrefix(Self.invokePrefix) { return invokeDirectly(pending) }
        if path.hasPrefix("/_") { return answerOperator(pending) }
        switch platform.router.find(method: request.method, path: path) {
        case .found(let match): invoke(match, pending)
        case .wrongMethod(let allowed): refuseMethod(pending, allowed: allowed)
        case .notFound:
            if path == "/", request.method == "POST", let host = platform.onlyHostWithoutRoutes {
                return deliver(to: host, pending)
            }
            let message = "no function answers \(path); `local-runner routes` lists what there is"
            finish(pending, .error(404, "not_found", message), function: nil)
        }
    }

    /// A request on its way.
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

    /// A name that a proxy gave the request is kept when it is fit for logs and headers.
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

// MARK: - For the operator

extension Gateway {
    private func answerOperator(_ pending: Pending) {
        let isRead = ["GET", "HEAD"].contains(pending.exchange.request.method)
        switch pending.path {
        case "/_health" where isRead: finish(pending, .text("ok\n"), function: nil)
        case "/_ready" where isRead:
            let reply =
                platform.isDraining
                ? HTTPReply.error(503, "draining", "the platform is shutting down")
                : .text("ready\n")
            finish(pending, reply, function: nil)
        case "/_metrics" where isRead:
            var reply = HTTPReply.text(metrics.exposition(platform))
            reply.headers["content-type"] = "text/plain; version=0.0.4; charset=utf-8"
            finish(pending, reply, function: nil)
        case "/_health", "/_ready", "/_metrics":
            refuseMethod(pending, allowed: ["GET", "HEAD"])
        default:
            let message = "there are /_health, /_ready, /_metrics and /_invoke/<function>"
            finish(pending, .error(404, "not_found", message), function: nil)
        }
    }
}

extension InstancePool.Refusal {
    fileprivate func reply(_ host: FunctionHost) -> HTTPReply {
        var reply: HTTPReply
        switch self {
        case .queueFull:
            let limit = host.definition.manifest.concurrency.queue
            reply = .error(
                429,
                "queue_full",
                "\(limit) requests already wait for \(host.name); come back later"
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

    /// What concerns one connection only is the server's to say, not the function's.
    private static func isHopByHop(_ name: String) -> Bool {
        switch name {
        case "connection", "content-length", "keep-alive", "transfer-encoding", "upgrade",
            "trailer", "te", "proxy-connection":
            true
        default: false
        }
    }
}
