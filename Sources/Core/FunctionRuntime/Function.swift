package import FunctionContract

/// A request, and what may be known about the call that it came with.
package struct HTTPCall {
    package let event: HTTPEvent
    package let context: Context

    package init(event: HTTPEvent, context: Context) {
        self.event = event
        self.context = context
    }
}

/// What a function does, without the process around it: an event in, a reply out, never a trap.
package struct Function {
    package typealias Handler<Input, Output> = (Input, Context) throws -> Output
    /// Answers requests that came together: as many replies, in the same order.
    package typealias Together = ([HTTPCall]) throws -> [HTTPReply]

    private let http: Handler<HTTPEvent, HTTPReply>?
    private let together: Together?
    private let schedule: Handler<ScheduleEvent, BatchReply>?
    private let queue: Handler<QueueEvent, BatchReply>?

    package init(
        http: Handler<HTTPEvent, HTTPReply>? = nil,
        schedule: Handler<ScheduleEvent, BatchReply>? = nil,
        queue: Handler<QueueEvent, BatchReply>? = nil
    ) {
        self.http = http
        together = nil
        self.schedule = schedule
        self.queue = queue
    }

    package init(together: @escaping Together) {
        self.together = together
        http = { event, context in try together([HTTPCall(event: event, context: context)])[0] }
        schedule = nil
        queue = nil
    }

    package var answersTogether: Bool { together != nil }

    package func answer(_ event: Event, _ context: Context) -> Reply {
        do {
            switch event {
            case .http(let event): return try answer(event, context)
            case .cloud(let event): return .batch(try answer(event, context))
            }
        } catch {
            return reply(to: event, context, error)
        }
    }

    /// Answers events that came together, in their order: the requests among them at once, by a
    /// handler that can.
    package func answer(_ calls: [(event: Event, context: Context)]) -> [Reply] {
        guard let together else { return calls.map(answer) }
        let requests = calls.compactMap { call -> HTTPCall? in
            guard case .http(let event) = call.event else { return nil }
            return HTTPCall(event: event, context: call.context)
        }
        guard !requests.isEmpty else { return calls.map(answer) }
        let replies: Result<[HTTPReply], any Error> = Result { try together(requests) }
        var next = 0
        return calls.map { call in
            guard case .http = call.event else { return answer(call.event, call.context) }
            switch replies {
            case .success(let replies):
                defer { next += 1 }
                return .http(replies[next])
            case .failure(let error): return reply(to: call.event, call.context, error)
            }
        }
    }

    /// This is the one place where an error becomes a reply.
    private func reply(to event: Event, _ context: Context, _ error: any Error) -> Reply {
        if let rejection = error as? Rejection {
            guard case .http = event else { return .failure(rejection.failure) }
            return .http(rejection.reply)
        }
        let failure = FunctionFailure(describing: error)
        context.log.error(failure.message, JSONObject([("errorType", .string(failure.type))]))
        return .failure(failure)
    }

    private func answer(_ event: HTTPEvent, _ context: Context) throws -> Reply {
        if let http { return .http(try http(event, context)) }
        guard let cloud = try cloudEvent(in: event) else { throw unsupported("an HTTP request") }
        // Knative and others deliver clock and queue events over HTTP. A function that has an
        // HTTP face of its own never gets here: strangers could post events to it.
        let reply = try answer(cloud, context)
        var answer = HTTPReply.json([
            "processed": .integer(reply.processed), "remaining": .integer(reply.remaining),
        ])
        answer.wake = reply.wake
        return .http(answer)
    }

    private func cloudEvent(in event: HTTPEvent) throws(Rejection) -> CloudEvent? {
        do {
            return try CloudEvent(in: event)
        } catch {
            throw Rejection.badRequest(error.message)
        }
    }

    private func answer(_ event: CloudEvent, _ context: Context) throws -> BatchReply {
        switch event.type {
        case CloudEvent.scheduleFired:
            guard let schedule else { throw unsupported("a schedule") }
            let name = event.subject ?? event.source
            return try schedule(
                ScheduleEvent(name: name, instant: event.time ?? context.now),
                context
            )
        case CloudEvent.queueReady:
            guard let queue else { throw unsupported("a queue") }
            let name = event.data?["queue"]?.string ?? event.subject ?? ""
            return try queue(QueueEvent(queue: name, data: event.data ?? .null), context)
        default:
            throw FunctionFailure(
                type: "UnknownEvent",
                message: "no event of type \"\(event.type)\" is known here; known are"
                    + " \(CloudEvent.scheduleFired) and \(CloudEvent.queueReady)"
            )
        }
    }

    private func unsupported(_ kind: String) -> FunctionFailure {
        FunctionFailure(
            type: "UnsupportedEvent",
            message: "called by \(kind), for which this function has no handler; see the triggers"
                + " in its function.json"
        )
    }
}

extension Rejection {
    fileprivate var failure: FunctionFailure { FunctionFailure(type: code, message: message) }
}

extension FunctionFailure {
    /// Any error in the words it has for itself.
    package init(describing error: any Error) {
        if let failure = error as? FunctionFailure {
            self = failure
        } else {
            self.init(
                type: String(describing: Swift.type(of: error)),
                message: String(describing: error)
            )
        }
    }
}
