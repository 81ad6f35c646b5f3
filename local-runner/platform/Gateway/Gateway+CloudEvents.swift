import EventLoop
import FunctionContract
import HTTPServer

// `POST /` takes CloudEvents where one function is served that has no route of its own. A Knative
// source or broker, or OpenFaaS's cron connector, sends schedule and queue events there.

extension Gateway {
    func deliver(to host: FunctionHost, _ pending: Pending) {
        switch pending.exchange.request.method {
        case "POST": break
        case "OPTIONS": return allowSender(pending)
        default: return refuseMethod(pending, allowed: ["OPTIONS", "POST"])
        }
        do throws(Rejection) {
            let event = try cloudEvent(in: pending.exchange.request)
            let call = Call(.cloud(event), requestID: pending.requestID) { [unowned self] in
                finish(pending, response(toEvent: $0, host), function: host.name)
            }
            let number = host.submit(call)
            pending.exchange.onDisconnect = { [unowned host] in _ = host.cancel(number) }
        } catch {
            finish(pending, error.reply, function: host.name)
        }
    }

    /// Brokers repeat an event after a 500. An event that the function cannot handle gets a 422.
    private func response(toEvent outcome: Call.Outcome, _ host: FunctionHost) -> HTTPReply {
        if case .reply(.failure(let failure)) = outcome, failure.isWrongEvent {
            return failure.rejection.reply
        }
        return response(to: outcome, host)
    }

    /// Answers the handshake in which a sender asks for permission to deliver (CloudEvents HTTP
    /// Webhook §4).
    private func allowSender(_ pending: Pending) {
        let headers = pending.exchange.request.headers
        guard let origin = headers["webhook-request-origin"] else {
            return refuseMethod(pending, allowed: ["OPTIONS", "POST"])
        }
        var reply = HTTPReply(statusCode: 200)
        reply.headers.add("allow", "POST")
        reply.headers.add("webhook-allowed-origin", origin)
        if headers["webhook-request-rate"] != nil { reply.headers.add("webhook-allowed-rate", "*") }
        finish(pending, reply, function: nil)
    }

    private func cloudEvent(in request: HTTPRequest) throws(Rejection) -> CloudEvent {
        var carrier = HTTPEvent()
        carrier.requestContext.http.method = request.method
        for index in 0..<request.headers.count {
            let (name, value) = request.headers[index]
            carrier.headers.add(name, value)
        }
        carrier.body = request.body
        do {
            if let event = try CloudEvent(in: carrier) { return event }
        } catch {
            throw .badRequest(error.message)
        }
        throw .badRequest("expected a CloudEvent, in its body or in ce- headers, or an empty body")
    }
}
