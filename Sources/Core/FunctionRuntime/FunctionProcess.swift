internal import FunctionContract
internal import Glibc

/// One process that serves a function to its host.
struct FunctionProcess {
    let name: String
    let environment: Environment
    /// The time for an event when the host sets no deadline: `timeoutSeconds` of the manifest.
    let timeLimit: Duration
    let log: Log
    let clock: () -> Timestamp
    /// The start of the time limit on hosts that start a process for each event.
    let startedAt: Timestamp

    /// The time limit of a program without a manifest: the longest that a manifest allows.
    static let longestTimeLimit = Duration.seconds(900)

    init(
        name: String,
        environment: Environment,
        timeLimit: Duration = longestTimeLimit,
        log: Log = Log(),
        clock: @escaping () -> Timestamp = { .now }
    ) {
        self.name = name
        self.environment = environment
        self.timeLimit = timeLimit
        startedAt = clock()
        self.clock = clock
        self.log = log.with("function", .string(name))
    }

    /// Serves until the host is done, and returns the exit code.
    func run(_ prepare: () throws -> Function) -> CInt {
        let host = Host(environment)
        let output = host.takesRepliesOnStandardOutput ? Descriptor.takeStandardOutput() : nil
        let function: Function
        do {
            function = try prepare()
        } catch {
            tell(host, output, logged(error))
            return 1
        }
        do {
            return try serve(function, host, output ?? .standardOutput)
        } catch {
            _ = logged(error)
            return 1
        }
    }

    private func serve(
        _ function: Function,
        _ host: Host,
        _ output: Descriptor
    ) throws -> CInt {
        switch host {
        case .oneShot: try StdioHost(process: self, output: output).runOnce(function)
        case .stream: try StdioHost(process: self, output: output).runStream(function)
        case .lambda(let address):
            try LambdaHost(process: self, address: address).run(function)
        case .actionLoop: try ActionLoopHost(process: self).run(function)
        case .watchdog: try WatchdogHost(process: self, output: output).run(function)
        }
    }

    /// Tells the host why this process takes no events, if the host accepts such a report.
    private func tell(_ host: Host, _ output: Descriptor?, _ failure: FunctionFailure) {
        switch host {
        case .oneShot, .watchdog:
            output?.writeIgnoringErrors(Reply.failure(failure).bytes + [UInt8(ascii: "\n")])
        case .lambda(let address):
            do {
                try LambdaHost(process: self, address: address).reportInitError(failure)
            } catch {
                _ = logged(error)
            }
        case .stream, .actionLoop:
            // The host would read a line here as the answer to the first event.
            break
        }
    }

    private func logged(_ error: any Error) -> FunctionFailure {
        let failure = FunctionFailure(describing: error)
        log.error(failure.message, JSONObject([("errorType", .string(failure.type))]))
        return failure
    }
}

// MARK: - One event

extension FunctionProcess {
    /// Decodes and answers one event. An event that cannot be decoded gets a failure.
    func answer(_ bytes: [UInt8], with function: Function, call: HostCall = HostCall()) -> Reply {
        switch read(bytes, call) {
        case .success(let event): answer(event, with: function, call: call)
        case .failure(let failure): .failure(failure)
        }
    }

    /// Answers `event`. `call` holds facts that the host gave outside the event.
    func answer(_ event: Event, with function: Function, call: HostCall = HostCall()) -> Reply {
        function.answer(event, context(of: event, call))
    }

    /// Answers a batch of events, in their order.
    func answer(_ events: [[UInt8]], with function: Function) -> [Reply] {
        let events = events.map { read($0, HostCall()) }
        let calls = events.compactMap { event in
            (try? event.get()).map { (event: $0, context: context(of: $0, HostCall())) }
        }
        var replies = function.answer(calls)[...]
        return events.map { event in
            if case .failure(let failure) = event { return .failure(failure) }
            return replies.removeFirst()
        }
    }

    private func read(_ bytes: [UInt8], _ call: HostCall) -> Result<Event, FunctionFailure> {
        do {
            return .success(try Event.decode(bytes))
        } catch {
            var log = log
            if let requestID = call.requestID { log = log.with("requestId", .string(requestID)) }
            log.error("cannot read the event: \(error.message)")
            return .failure(FunctionFailure(type: "MalformedEvent", message: error.message))
        }
    }

    private func context(of event: Event, _ call: HostCall) -> Context {
        let requestID = call.requestID ?? event.requestID
        let traceparent = event.traceparent
        var log = log.with("requestId", .string(requestID))
        if let traceparent { log = log.with("traceparent", .string(traceparent)) }
        if let traceID = call.traceID { log = log.with("traceId", .string(traceID)) }
        let now = clock()
        let end = call.deadline ?? event.deadline ?? now + timeLimit
        return Context(
            requestID: requestID,
            deadline: end - Self.margin(from: now, to: end),
            traceparent: traceparent,
            environment: call.environment ?? environment,
            log: log,
            clock: clock
        )
    }

    /// The function's deadline is this much before the host's, so that its last reply still
    /// arrives: a tenth of the time left, at most one second.
    private static func margin(from now: Timestamp, to end: Timestamp) -> Duration {
        max(.zero, min(.seconds(1), end.since(now) / 10))
    }
}

/// The facts about a call that a host gives outside the event.
struct HostCall {
    var requestID: String?
    var deadline: Timestamp?
    var traceID: String?
    /// The environment during this call, on hosts that change it for each call.
    var environment: Environment?
}
