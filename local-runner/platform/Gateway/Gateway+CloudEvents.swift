import EventLoop
import FunctionContract
import HTTPServer

// `POST /` where one function is served and it has no route of its own: there a Knative source or
// broker, or the cron connector of OpenFaaS, brings it the events of clocks and queues.

extension Gateway {
    func deliver(to host: FunctionHost, _ pending: Pending) {
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

    /// Brokers repeat an event after a 500, so one that the function cannot take is a 422.
    private func response(toEvent outcome: Call.Outcome, _ host: FunctionHost) -> HTTPReply {
        if case .reply(.failure(let failure)) = outcome, failure.isWrongEvent {
            return failure.rejection.reply
        }
        return response(to: outcome, host)
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
