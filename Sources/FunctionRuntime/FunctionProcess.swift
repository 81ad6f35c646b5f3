internal import FunctionContract
internal import Glibc

/// One process that serves a function to the host it finds itself in.
struct FunctionProcess {
    let name: String
    let environment: Environment
    let log: Log
    let clock: () -> Timestamp

    init(name: String, environment: Environment, clock: @escaping () -> Timestamp = systemClock) {
        self.name = name
        self.environment = environment
        self.clock = clock
        let level = environment["LOG_LEVEL"].flatMap { Log.Level(rawValue: $0.lowercased()) }
        log = Log(level: level ?? .info, fields: JSONObject([("function", .string(name))]))
    }

    /// Serves until the host is done; the result is the exit code.
    func run(_ make: () throws -> Function) -> CInt {
        let host = Host(environment)
        do {
            let function = try make()
            return try serve(function, host)
        } catch {
            let failure = FunctionFailure(describing: error)
            log.error(failure.message, JSONObject([("errorType", .string(failure.type))]))
            if case .lambda(let address) = host {
                try? LambdaHost(process: self, address: address).reportInitError(failure)
            }
            return 1
        }
    }

    private func serve(_ function: Function, _ host: Host) throws -> CInt {
        switch host {
        case .oneShot: try StdioHost(process: self).runOnce(function)
        case .stream: try StdioHost(process: self).runStream(function)
        case .lambda(let address):
            try LambdaHost(process: self, address: address).run(function)
        case .actionLoop: try ActionLoopHost(process: self).run(function)
        case .watchdog: try WatchdogHost(process: self).run(function)
        }
    }

    /// Answers one event that came as bytes; what cannot be read is answered by a failure.
    func answer(_ bytes: [UInt8], with function: Function) -> Reply {
        do {
            return answer(try Event.decode(bytes), with: function)
        } catch {
            log.error("cannot read the event: \(error.message)")
            return .failure(FunctionFailure(type: "MalformedEvent", message: error.message))
        }
    }

    /// Answers `event`. What the host says in its own way about the call is in `call`.
    func answer(_ event: Event, with function: Function, call: HostCall = HostCall()) -> Reply {
        function.answer(event, context(of: event, call))
    }

    private func context(of event: Event, _ call: HostCall) -> Context {
        let requestID = call.requestID ?? event.requestID
        let traceparent = event.traceparent
        var log = log.with("requestId", .string(requestID))
        if let traceparent { log = log.with("traceparent", .string(traceparent)) }
        if let traceID = call.traceID { log = log.with("traceId", .string(traceID)) }
        let latest = Timestamp(milliseconds: clock().milliseconds + Self.longestCallMilliseconds)
        return Context(
            requestID: requestID,
            deadline: call.deadline ?? event.deadline ?? latest,
            traceparent: traceparent,
            environment: environment,
            log: log,
            clock: clock
        )
    }

    /// For events that carry no deadline: what the strictest of the hosts would allow at most.
    private static let longestCallMilliseconds: Int64 = 900_000
}

/// What a host tells about a call outside the event.
struct HostCall {
    var requestID: String?
    var deadline: Timestamp?
    var traceID: String?
}

/// Where this process runs, told by what the environment holds.
enum Host: Equatable {
    case oneShot
    case stream
    case lambda(String)
    case actionLoop
    case watchdog

    init(_ environment: Environment) {
        if let address = environment["AWS_LAMBDA_RUNTIME_API"] {
            self = .lambda(address)
        } else if environment.variables.keys.contains(where: { $0.hasPrefix("__OW_") }) {
            self = .actionLoop
        } else if environment["Http_Method"] != nil {
            self = .watchdog
        } else {
            self = environment["FUNCTION_STREAM"] == "1" ? .stream : .oneShot
        }
    }
}
