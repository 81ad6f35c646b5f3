package import FunctionContract

/// A request with the context of its call.
package struct HTTPCall {
    package let event: HTTPEvent
    package let context: Context

    package init(event: HTTPEvent, context: Context) {
        self.event = event
        self.context = context
    }
}

/// The behaviour of a function, without its process: an event in, a reply out. It never traps.
package struct Function {
    package typealias Handler<Input, Output> = (Input, Context) throws -> Output

    private let routes: Routes
    private let schedule: Handler<ScheduleEvent, BatchReply>?
    private let queue: Handler<QueueEvent, BatchReply>?

    package init(
        _ routes: [Route<Void>] = [],
        schedule: Handler<ScheduleEvent, BatchReply>? = nil,
        queue: Handler<QueueEvent, BatchReply>? = nil
    ) {
        self.routes = Routes(routes)
        self.schedule = schedule
        self.queue = queue
    }

    package var answersTogether: Bool { routes.answersTogether }

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

    /// Answers a batch of events, in their order. The requests for one batching route reach its
    /// handler in one call.
    package func answer(_ calls: [(event: Event, context: Context)]) -> [Reply] {
        var replies: [Int: Reply] = [:]
        var groups: [Int: [(place: Int, call: HTTPCall)]] = [:]
        for (place, call) in calls.enumerated() {
            if case .http(let event) = call.event, !routes.isEmpty,
                case .route(let route, let routed) = routes.find(event),
                case .together = routes[route]
            {
                let call = HTTPCall(event: routed, context: call.context)
                groups[route, default: []].append((place, call))
            } else {
                replies[place] = answer(call.event, call.context)
            }
        }
        for (route, members) in groups.sorted(by: { $0.key < $1.key }) {
            let calls = members.map(\.call)
            let answers = Result { try answer(calls, at: route) }
            for (index, member) in members.enumerated() {
                switch answers {
                case .success(let answers): replies[member.place] = .http(answers[index])
                case .failure(let error):
                    let event = Event.http(member.call.event)
                    replies[member.place] = reply(to: event, member.call.context, error)
                }
            }
        }
        return calls.indices.compactMap { replies[$0] }
    }

    private func answer(_ calls: [HTTPCall], at route: Int) throws -> [HTTPReply] {
        var nothing: Void = ()
        switch routes[route] {
        case .single(let answer):
            return try calls.map { try answer($0.event, $0.context, &nothing) }
        case .together(let answer):
            let replies = try answer(calls, &nothing)
            precondition(replies.count == calls.count, "each call has its reply")
            return replies
        }
    }

    /// The reply for an error that a handler throws. A `Rejection` keeps its status. Any other error
    /// is a failure, over HTTP a 500.
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
        guard routes.isEmpty else {
            switch routes.find(event) {
            case .refused(let reply): return .http(reply)
            case .route(let route, let event):
                let call = HTTPCall(event: event, context: context)
                return .http(try answer([call], at: route)[0])
            }
        }
        guard let cloud = try cloudEvent(in: event) else { throw unsupported("an HTTP request") }
        return .http(try deliver(cloud, context))
    }

    /// Knative and others deliver schedule and queue events over HTTP. A function with routes
    /// refuses them, because anybody could post such events to it.
    private func deliver(_ event: CloudEvent, _ context: Context) throws -> HTTPReply {
        do {
            let reply = try answer(event, context)
            var answer = HTTPReply.json([
                "processed": .integer(reply.processed), "remaining": .integer(reply.remaining),
            ])
            answer.wake = reply.wake
            return answer
        } catch let failure as FunctionFailure where failure.isWrongEvent {
            throw failure.rejection
        }
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
                type: FunctionFailure.unknownEvent,
                message: "no event of type \"\(event.type)\" is known here; known are"
                    + " \(CloudEvent.scheduleFired) and \(CloudEvent.queueReady)"
            )
        }
    }

    private func unsupported(_ kind: String) -> FunctionFailure {
        FunctionFailure(
            type: FunctionFailure.unsupportedEvent,
            message: "called by \(kind), for which this function has no handler; see the triggers"
                + " in its function.json"
        )
    }
}

extension Rejection {
    fileprivate var failure: FunctionFailure { FunctionFailure(type: code, message: message) }
}

extension FunctionFailure {
    /// Describes any error by its type and its own text.
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
