import EventLoop
import FunctionContract
import HTTPServer

// `POST /_invoke/<function>`, for operators, calls a function with the event in the body, whatever
// its triggers. With `x-invoke-type: event` the platform stores the event, answers, and then calls
// the function.

extension Gateway {
    static let invokePrefix = "/_invoke/"

    func invokeDirectly(_ pending: Pending) {
        guard pending.exchange.request.method == "POST" else {
            return refuseMethod(pending, allowed: ["POST"])
        }
        let name = String(pending.path.dropFirst(Self.invokePrefix.count))
        do throws(Rejection) {
            guard let host = platform.host(named: name) else {
                throw Rejection(
                    status: 404,
                    code: "not_found",
                    message: "there is no function \"\(name)\""
                )
            }
            let event = try invokedEvent(pending)
            switch pending.exchange.request.headers["x-invoke-type"]?.lowercased() {
            case nil, "request-response": call(host, with: event, pending)
            case "event": try store(event, for: host, pending)
            case let other?:
                throw .badRequest("x-invoke-type: expected event, found \"\(other)\"")
            }
        } catch {
            finish(pending, error.reply, function: nil)
        }
    }

    private func invokedEvent(_ pending: Pending) throws(Rejection) -> Event {
        do {
            return try Event.decode(pending.exchange.request.body)
        } catch {
            throw .badRequest("the body is no event: \(error.message)")
        }
    }

    private func call(_ host: FunctionHost, with event: Event, _ pending: Pending) {
        let call = Call(event, requestID: pending.requestID) { [unowned self] outcome in
            guard case .reply(let reply) = outcome else {
                return finish(pending, response(to: outcome, host), function: host.name)
            }
            finish(
                pending,
                HTTPReply(headers: ["content-type": "application/json"], body: reply.bytes),
                function: host.name
            )
        }
        let number = host.submit(call)
        pending.exchange.onDisconnect = { [unowned host] in _ = host.cancel(number) }
    }

    private func store(
        _ event: Event,
        for host: FunctionHost,
        _ pending: Pending
    ) throws(Rejection) {
        guard let invocations = platform.triggers?.invocations else {
            throw Rejection(
                status: 503,
                code: "no_store",
                message: "events cannot be stored: DATABASE_URL is not set"
            )
        }
        invocations.take(event, for: host.name) { [unowned self] answer in
            switch answer {
            case .success(let json):
                finish(
                    pending,
                    .json(["id": json["id"] ?? .null], status: 202),
                    function: host.name
                )
            case .failure(let error):
                var reply = HTTPReply.error(503, "not_stored", error.message)
                reply.headers.add("retry-after", "5")
                finish(pending, reply, function: host.name)
            }
        }
    }
}
