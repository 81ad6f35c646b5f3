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
            Health and readiness are public. /_metrics, /_status and /_invoke/<function> answer at
            the operators' socket, and at the public port to a bearer of RELAIS_OPERATOR_TOKEN.
            RELAIS_ENV=development serves functions for development, and leaves out those that
            need a variable that is not set.
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

/// The options of `serve` and `dev`.
struct ServeOptions {
    let source: Catalog.Source
    let host: String
    let port: UInt16
    let drainTime: Milliseconds
    let noticeTime: Milliseconds
    /// The Unix socket for operators. With nil, only the token grants operator access.
    let operatorSocket: SocketFile?
    let operatorToken: String?
    let logsAccess: Bool
    let console: Console
    let startedAt: Timestamp

    static let all: [Arguments.Option] = [
        .init("port", "number", "listen here; 0 takes a free one [PORT, else 8080]"),
        .init("host", "address", "the interface to listen on [127.0.0.1]"),
        .init("operator-socket", "path", "operators come in here [RELAIS_OPERATOR_SOCKET]"),
        .functions, .binaries, .only,
        .init("notice-seconds", "number", "stay open so long after /_ready turns 503 [0]"),
        .init("drain-seconds", "number", "how long requests in flight may take to finish [25]"),
        .init("access-log", "on|off", "one line per request [on]"),
        .init("log", "json|human", "the form of the log [human on a terminal, else json]"),
    ]

    init(_ arguments: Arguments, _ environment: Environment) throws(UsageError) {
        startedAt = Timestamp.now
        source = Catalog.Source(arguments, environment)
        let environment = environment.variables
        host = Self.host(arguments["host"] ?? "127.0.0.1")
        operatorSocket = try Self.socket(arguments, environment["RELAIS_OPERATOR_SOCKET"])
        operatorToken = try Self.token(environment["RELAIS_OPERATOR_TOKEN"])
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

    /// Removes the brackets that an IPv6 address may have, as in a URL.
    private static func host(_ address: String) -> String {
        if address == "localhost" { return "127.0.0.1" }
        guard address.hasPrefix("["), address.hasSuffix("]") else { return address }
        return String(address.dropFirst().dropLast())
    }

    private static func socket(
        _ arguments: Arguments,
        _ variable: String?
    ) throws(UsageError) -> SocketFile? {
        guard let path = arguments["operator-socket"] ?? variable, !path.isEmpty else { return nil }
        guard path.utf8.count <= SocketFile.longestPath else {
            throw UsageError(
                "\(path): a path of \(path.utf8.count) bytes is too long for a Unix socket, which"
                    + " takes \(SocketFile.longestPath); choose a shorter --operator-socket"
            )
        }
        return SocketFile(path)
    }

    /// Rejects a short token. It could be guessed, and would open every function to the world.
    private static func token(_ variable: String?) throws(UsageError) -> String? {
        guard let variable, !variable.isEmpty else { return nil }
        guard variable.utf8.count >= shortestToken else {
            throw UsageError(
                "RELAIS_OPERATOR_TOKEN: expected at least \(shortestToken) characters;"
                    + " `openssl rand -hex 16` makes a good one"
            )
        }
        return variable
    }

    private static let shortestToken = 16

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
    /// Listens, starts the prewarmed instances and logs the address.
    func open(_ options: ServeOptions) throws {
        let metrics = Metrics(startedAt: options.startedAt)
        let gateway = Gateway(
            self,
            console: options.console,
            metrics: metrics,
            logsAccess: options.logsAccess,
            operatorToken: options.operatorToken
        )
        OwnProcess.hide(keeping: FunctionDefinition.always + ["HOME", "NO_COLOR", "TERM"])
        let port = try bind(options, gateway)
        try bindOperators(options, gateway)
        try attachTriggers(options)
        try start()
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        options.console.info(
            "listening on http://\(host):\(port)",
            JSONObject([
                ("event", "listening"), ("port", .integer(Int(port))),
                ("functions", .array(hosts.map { .string($0.name) })),
            ])
        )
        options.console.flush()
    }

    /// Schedules and queues need a database that stores both.
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
        _ gateway: Gateway
    ) throws(UsageError) -> UInt16 {
        do throws(UVError) {
            return try listen(
                host: options.host,
                port: options.port,
                connections: connectionLimit(options.console),
                gateway
            )
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

    private func bindOperators(
        _ options: ServeOptions,
        _ gateway: Gateway
    ) throws(UsageError) {
        guard let socket = options.operatorSocket else { return }
        do throws(UVError) {
            try listen(socket: socket, gateway)
        } catch {
            throw UsageError(
                error.isAddressInUse
                    ? "\(socket.path) is in use; stop the local-runner that listens there, or"
                        + " choose another --operator-socket"
                    : "cannot listen on \(socket.path): \(error.message); choose another"
                        + " --operator-socket"
            )
        }
    }

    /// The connections that fit into the open files left by the functions. Each instance takes
    /// three pipes.
    private func connectionLimit(_ console: Console) -> Int {
        let most = HTTPServerLimits().connections
        let instances = hosts.reduce(0) { $0 + $1.definition.manifest.concurrency.max }
        let files = openFileLimit()
        let allowed = (files - 3 * instances - Self.ownFiles) * 8 / 9
        guard allowed < most else { return most }
        let limit = max(allowed, Self.fewestConnections)
        console.warning(
            "the system allows \(files) open files: \(limit) connections at once; `ulimit -n`"
                + " raises it"
        )
        return limit
    }

    /// Descriptors for the loop, the log, the store and executables that are being started.
    private static let ownFiles = 64
    private static let fewestConnections = 16
}
