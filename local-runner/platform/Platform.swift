import EventLoop
import FunctionContract
import FunctionRuntime
import Glibc
import HTTPServer

/// The platform: an HTTP server and the process pools of all functions, on one loop.
final class Platform {
    let loop: EventLoop
    private(set) var hosts: [FunctionHost] = []
    /// The target of a route is the index of its function in `hosts`.
    private(set) var router = RouteTable([])
    /// Schedules, queues and stored invocations; nil without a database.
    private(set) var triggers: Triggers?
    /// Called once, when the last instance has ended.
    var onDrained: (() -> Void)?
    private(set) var isDraining = false
    /// Calls that had no result yet when the drain time ended.
    private(set) var cutOffCount = 0
    /// Results that were never stored, because the database stayed unreachable to the end.
    private(set) var unrecordedCount = 0
    /// Removed or redefined functions, until their last instance has ended.
    private var retired: [FunctionHost] = []
    private let console: Console
    private let drainTime: Milliseconds
    /// How long requests are still accepted after readiness is off.
    private let noticeTime: Milliseconds
    private var doorClosesAt: Milliseconds?
    private var server: HTTPServer?
    /// The server for operators. It has its own connections, which a flood on the public port
    /// cannot use up.
    private var operatorServer: HTTPServer?
    private var ticker: Timer?
    private var signals: [SignalWatcher] = []
    private var drainDeadline = Milliseconds.max
    /// Whether the functions have been told to end.
    private var isLeaving = false

    /// How often time-outs are checked. All of them are whole seconds.
    private static let tickInterval: Milliseconds = 100
    /// The time for the response to a cut off request to reach its client.
    private static let lastWordsTime: Milliseconds = 1_000
    private static let operatorConnections = 64

    init(
        _ definitions: [FunctionDefinition],
        on loop: EventLoop,
        console: Console,
        drainTime: Milliseconds,
        noticeTime: Milliseconds = 0
    ) {
        self.loop = loop
        self.console = console
        self.drainTime = drainTime
        self.noticeTime = noticeTime
        reload(definitions)
    }

    /// Serves `definitions` from now on. A function with an unchanged manifest keeps its pool and
    /// gets new instances. A removed one finishes its calls.
    func reload(_ definitions: [FunctionDefinition]) {
        let former = hosts
        hosts = definitions.map { definition in
            guard let host = former.first(where: { $0.definition == definition }) else {
                let host = FunctionHost(definition, on: loop, console: console)
                host.onEmptied = { [unowned self] in closeIfDone() }
                return host
            }
            host.replaceInstances()
            return host
        }
        let leaving = former.filter { host in !hosts.contains { $0 === host } }
        for host in leaving { host.drain() }
        retired += leaving
        triggers?.adopt(hosts)
        router = RouteTable(
            definitions.enumerated().flatMap { index, definition in
                definition.manifest.routes.map { RouteTable.Route($0, target: index) }
            }
        )
    }

    var openConnections: Int { server?.counters.open ?? 0 }

    /// Starts the ticker and the prewarmed instances, and installs the signal handlers.
    func start() throws(UVError) {
        let ticker = try Timer(on: loop) { [unowned self] in tick() }
        ticker.start(after: 1, repeating: Self.tickInterval)
        self.ticker = ticker
        tick()
        for signal in [SIGTERM, SIGINT] {
            signals.append(
                try SignalWatcher(on: loop, signal: signal) { [unowned self] in
                    isDraining ? endNow() : drain()
                }
            )
        }
    }

    /// Opens the public port. Returns its number, which the system chose if `port` was 0.
    func listen(
        host: String,
        port: UInt16,
        connections: Int,
        _ gateway: Gateway
    ) throws(UVError) -> UInt16 {
        var limits = HTTPServerLimits()
        limits.connections = connections
        let server = HTTPServer(on: loop, limits: limits, handler: gateway.answer)
        server.bodyLimit = gateway.bodyLimit
        self.server = server
        return try server.listen(host: host, port: port)
    }

    /// Opens the operator socket, a Unix socket that only this user can use.
    func listen(socket: SocketFile, _ gateway: Gateway) throws(UVError) {
        var limits = HTTPServerLimits()
        limits.connections = Self.operatorConnections
        let server = HTTPServer(on: loop, limits: limits, handler: gateway.answerOperator)
        server.bodyLimit = gateway.operatorBodyLimit
        operatorServer = server
        try server.listen(socket: socket)
    }

    /// Lets schedules, queues and stored invocations call functions as well.
    func attach(_ triggers: Triggers) {
        self.triggers = triggers
        triggers.adopt(hosts)
        triggers.onEmptied { [unowned self] in closeIfDone() }
    }

    func host(named name: String) -> FunctionHost? {
        hosts.first { $0.name == name }
    }

    /// The only function, if one is served and it has no route.
    var onlyHostWithoutRoutes: FunctionHost? {
        hosts.count == 1 && hosts[0].definition.manifest.routes.isEmpty ? hosts[0] : nil
    }

    /// Turns readiness off, accepts no more connections, finishes the accepted requests, then lets
    /// the loop end.
    func drain() {
        guard !isDraining else { return }
        isDraining = true
        triggers?.stop()
        guard let server, noticeTime > 0 else { return closeDoor() }
        server.endConnections()
        console.info("not ready any more; the door closes in \(noticeTime / 1000) s")
        doorClosesAt = loop.now + noticeTime
    }

    private func closeDoor() {
        doorClosesAt = nil
        drainDeadline = loop.now + drainTime
        guard let server else { return drainHosts() }
        console.info("draining: requests in flight have \(drainTime / 1000) s to finish")
        let grace = drainTime + Self.lastWordsTime
        server.drain(graceMilliseconds: grace) { [unowned self] in drainHosts() }
        operatorServer?.drain(graceMilliseconds: grace) { [unowned self] in drainHosts() }
    }

    private var hasOpenRequests: Bool {
        [server, operatorServer].contains { $0.map { $0.counters.open > 0 } ?? false }
    }

    /// On the second signal, ends without waiting.
    func endNow() {
        for host in hosts + retired { host.killAll() }
        triggers?.killAll()
        console.warning("ended at once; requests in flight were lost")
        console.finish()
        exit(1)
    }

    /// Drains the functions once no more calls can come: no request is open, and no claim is in
    /// progress.
    private func drainHosts() {
        let mayCome = hasOpenRequests || triggers?.isAsking == true
        guard !mayCome || loop.now >= drainDeadline else { return }
        for host in hosts { host.drain() }
        isLeaving = true
        closeIfEmpty()
    }

    /// Checks at once instead of at the next tick.
    private func closeIfDone() {
        if isLeaving { closeIfEmpty() }
    }

    private func tick() {
        for host in hosts + retired { host.tick() }
        retired.removeAll(where: \.isEmpty)
        triggers?.tick()
        if let doorClosesAt, loop.now >= doorClosesAt { closeDoor() }
        if isDraining, doorClosesAt == nil { drainHosts() }
        console.flush()
    }

    private func closeIfEmpty() {
        let all = hosts + retired
        if loop.now >= drainDeadline { cutOff(all) }
        guard isDraining, all.allSatisfy(\.isEmpty), triggersHaveEnded() else { return }
        ticker?.close()
        for signal in signals { signal.close() }
        onDrained?()
        onDrained = nil
        console.flush()
    }

    private func cutOff(_ hosts: [FunctionHost]) {
        let open = hosts.reduce(0) { $0 + $1.pool.openCallCount }
        if open > 0, cutOffCount == 0 {
            console.warning(open == 1 ? "1 request was cut off" : "\(open) requests were cut off")
            cutOffCount = open
        }
        for host in hosts { host.killAll() }
        if let count = triggers?.unrecordedCount, count > 0, unrecordedCount == 0 {
            console.error("results not recorded: \(count), what they are of may run again")
            unrecordedCount = count
        }
        triggers?.killAll()
    }

    /// The exit code of `serve` and `dev`.
    var exitCode: Int32 { cutOffCount + unrecordedCount == 0 ? 0 : 1 }

    /// The store ends last, because the results of the other functions must still be stored.
    private func triggersHaveEnded() -> Bool {
        guard let triggers else { return true }
        guard triggers.isSettled || loop.now >= drainDeadline else { return false }
        triggers.drain()
        return triggers.isEmpty
    }
}
