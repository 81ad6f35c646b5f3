import EventLoop
import FunctionContract
import FunctionRuntime

extension Command {
    static let invoke = Command(
        name: "invoke",
        summary: "Call one function with one event and print its reply.",
        operands: ["<function>"],
        options: [
            .init("event", "file|-", "the event; - is stdin [-]"),
            .init("body-only", nil, "print the body of an HTTP reply instead of the reply"),
            .functions, .binaries,
        ],
        notes: """
            The function runs as the platform would run it: its environment, its time-out. Its log
            goes to stderr. Exit code 1 means that it failed or answered with 500 or more.
            """
    ) { arguments, environment in
        let name = try arguments.operand(0, "the function")
        var source = Catalog.Source(arguments, environment)
        source.only = [name]
        let definition = try Catalog(source).definitions[0]
        let event = route(try readEvent(arguments["event"] ?? "-"), to: definition.manifest)
        let console = Console(style: .detect(environment))
        let outcome = try call(definition, event, console)
        console.finish()
        return try show(outcome, bodyOnly: arguments.has("body-only"))
    }

    private static func readEvent(_ place: String) throws -> Event {
        let bytes: [UInt8]
        if place == "-" {
            bytes = try Descriptor.standardInput.readToEnd(limit: Limits.eventBytes)
        } else if let contents = contents(ofFile: place) {
            bytes = contents
        } else {
            throw UsageError("invoke: --event: cannot read \(place)")
        }
        do {
            return try Event.decode(bytes)
        } catch {
            throw UsageError("invoke: the event cannot be used: \(error.message)")
        }
    }

    /// Fills in the path parameters, as the platform would.
    private static func route(_ event: Event, to manifest: Manifest) -> Event {
        guard case .http(var request) = event, request.pathParameters.isEmpty else { return event }
        let router = RouteTable(manifest.routes.map { RouteTable.Route($0, target: 0) })
        guard case .found(let match) = router.find(method: request.method, path: request.rawPath)
        else { return event }
        request.routeKey = match.route.pattern.key
        request.pathParameters = match.parameters
        return .http(request)
    }

    static func call(
        _ definition: FunctionDefinition,
        _ event: Event,
        _ console: Console
    ) throws -> Call.Outcome? {
        let loop = try EventLoop()
        let platform = Platform([definition], on: loop, console: console, drainTime: 2_000)
        try platform.start()
        var outcome: Call.Outcome?
        let call = Call(event) {
            outcome = $0
            platform.drain()
        }
        platform.hosts[0].submit(call)
        loop.run()
        return outcome
    }

    static func show(_ outcome: Call.Outcome?, bodyOnly: Bool) throws -> Int32 {
        switch outcome {
        case .reply(let reply):
            var bytes = reply.bytes
            if bodyOnly, case .http(let reply) = reply { bytes = reply.body }
            try Descriptor.standardOutput.write(bytes + [UInt8(ascii: "\n")])
            switch reply {
            case .http(let reply): return reply.statusCode >= 500 ? 1 : 0
            case .batch: return 0
            case .failure: return 1
            }
        case .failed, .refused, nil: return 1
        }
    }
}
