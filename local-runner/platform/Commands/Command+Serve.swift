import EventLoop
import FunctionContract
import FunctionRuntime
import HTTPServer

extension Command {
    static let serve = Command(
        name: "serve",
        summary: "Serve the functions over HTTP until a signal says stop.",
        options: ServeOptions.all,
        notes: """
            On SIGTERM or SIGINT it takes no more requests and finishes those it has; a second
            signal ends it at once. It is also the entry point of a container: --only picks the
            function, PORT or --port the port, --host 0.0.0.0 the interface.
            """
    ) { arguments, environment in
        let options = try ServeOptions(arguments, environment)
        let catalog = try Catalog(options.source)
        for function in catalog.leftOut { options.console.warning(function.description) }
        let loop = try EventLoop()
        let platform = Platform(
            catalog.definitions,
            on: loop,
            console: options.console,
            drainTime: options.drainTime,
            noticeTime: options.noticeTime
        )
        try platform.open(options)
        loop.run()
        options.console.finish()
        return platform.exitCode
    }
}

/// How `serve` and `dev` were asked to serve.
struct ServeOptions {
    let source: Catalog.Source
    let host: String
    let port: UInt16
    let drainTime: Milliseconds
    let noticeTime: Milliseconds
    let logsAccess: Bool
    let console: Console
    let startedAt: Timestamp

    static let all: [Arguments.Option] = [
        .init("port", "number", "listen here; 0 takes a free one [PORT, else 8080]"),
        .init("host", "address", "the interface to listen on [127.0.0.1]"),
        .functions, .binaries, .only,
        .init("notice-seconds", "number", "stay open so long after /_ready turns 503 [0]"),
        .init("drain-seconds", "number", "how long requests in flight may take to finish [25]"),
        .init("access-log", "on|off", "one line per request [on]"),
        .init("log", "json|human", "the form of the log [human on a terminal, else json]"),
    ]

    init(_ arguments: Arguments, _ environment: Environment) throws(UsageError) {
        startedAt = Timestamp.now
        var environment = environment.variables
        environment["RELAIS_STARTED_AT"] = startedAt.rfc3339
        source = Catalog.Source(arguments, Environment(environment))
        let address = arguments["host"] ?? "127.0.0.1"
        host = address == "localhost" ? "127.0.0.1" : address
        port = try Self.port(arguments, environment["PORT"])
        noticeTime = Milliseconds(try arguments.number("notice-seconds", 0...3600) ?? 0) * 1000
        drainTime = Milliseconds(try arguments.number("drain-seconds", 0...3600) ?? 25) * 1000
        logsAccess = try arguments.choice("access-log", ["on", "off"]) != "off"
        let style: Console.Style =
            switch try arguments.choice("log", ["json", "human"]) {
            case "json": .json
            case "human": .human(colour: Console.Style.allowsColour(Environment(environment)))
            default: .detect(Environment(environment))
            }
        let level = environment["LOG_LEVEL"].flatMap { Log.Level(rawValue: $0.lowercased()) }
        console = Console(style: style, level: level ?? .info)
    }

    private static func port(
        _ arguments: Arguments,
        _ variable: String?
    ) throws(UsageError) -> UInt16 {
        if let port = try arguments.number("port", 0...65_535) { return UInt16(port) }
        guard let variable, !variable.isEmpty else { return 8080 }
        guard let port = UInt16(variable) else {
            throw UsageError("PORT: expected a number from 0 to 65535, found \"\(variable)\"")
        }
        return port
    }
}

extension Platform {
    /// Listens, starts what is to be warm, and says so.
    func open(_ options: ServeOptions) throws {
        let metrics = Metrics(startedAt: options.startedAt)
        let gateway = Gateway(
            self,
            console: options.console,
            metrics: metrics,
            logsAccess: options.logsAccess,
            invokeToken: options.source.environment["RELAIS_INVOKE_TOKEN"]
        )
        let port = try bind(options, answer: gateway.answer)
        try attachTriggers(options)
        try start()
        options.console.info(
            "listening on http://\(options.host):\(port)",
            JSONObject([
                ("event", "listening"), ("port", .integer(Int(port))),
                ("functions", .array(hosts.map { .string($0.name) })),
            ])
        )
        options.console.flush()
    }

    /// Functions are called by the clock and by queues where there is a database to keep both.
    private func attachTriggers(_ options: ServeOptions) throws {
        guard options.source.environment["DATABASE_URL"]?.isEmpty == false else {
            return options.console.warning(
                "DATABASE_URL is not set: no schedules, no queues, no stored invocations"
            )
        }
        let store = Store(
            try Store.definition(options.source),
            on: loop,
            console: options.console
        )
        var ids = RequestIDs()
        attach(Triggers(store, on: loop, runner: ids.next(), console: options.console))
    }

    private func bind(
        _ options: ServeOptions,
        answer: @escaping (HTTPExchange) -> Void
    ) throws(UsageError) -> UInt16 {
        do throws(UVError) {
            return try listen(host: options.host, port: options.port, answer: answer)
        } catch {
            throw UsageError(
                error.isAddressInUse
                    ? "port \(options.port) on \(options.host) is in use; stop what uses it or"
                        + " choose another with --port"
                    : "cannot listen on \(options.host):\(options.port): \(error.message); choose"
                        + " another --host or --port"
            )
        }
    }
}
