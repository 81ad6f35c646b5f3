internal import FunctionContract
internal import Glibc

/// One process that serves a function to the host it finds itself in.
struct FunctionProcess {
    let name: String
    let environment: Environment
    /// How long an event may take where the host does not say: `timeoutSeconds` of the manifest.
    let timeLimit: Duration
    let log: Log
    let clock: () -> Timestamp
    /// Hosts that start a process for each event count from here.
    let startedAt: Timestamp

    /// For a program without a manifest: what a manifest may ask for at most.
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

    /// Serves until the host is done; the result is the exit code.
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

    /// Tells the host, where it listens to that, why no event will be taken.
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
            // A line here would be taken for the answer to the first event.
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
    /// Answers one event that came as bytes; what cannot be read is answered by a failure.
    func answer(_ bytes: [UInt8], with function: Function, call: HostCall = HostCall()) -> Reply {
        switch read(bytes, call) {
        case .success(let event): answer(event, with: function, call: call)
        case .failure(let failure): .failure(failure)
        }
    }

    /// Answers `event`. What the host says in its own way about the call is in `call`.
    func answer(_ event: Event, with function: Function, call: HostCall = HostCall()) -> Reply {
        function.answer(event, context(of: event, call))
    }

    /// Answers events that came together, in their order.
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

    /// A function ends this much before its host ends it, so that what it says then still arrives:
    /// a tenth of the time, a second at most.
    private static func margin(from now: Timestamp, to end: Timestamp) -> Duration {
        max(.zero, min(.seconds(1), end.since(now) / 10))
    }
}

/// What a host tells about a call outside the event.
struct HostCall {
    var requestID: String?
    var deadline: Timestamp?
    var traceID: String?
    /// The environment during this call, where the host changes it from call to call.
    var environment: Environment?
}
