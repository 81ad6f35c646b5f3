import EventLoop
import FunctionContract
import FunctionRuntime
import Glibc
import HTTPServer

/// The platform: an HTTP server in front, pools of function processes behind, one loop for all.
final class Platform {
    let loop: EventLoop
    private(set) var hosts: [FunctionHost] = []
    /// The target of a route is the function's place among the hosts.
    private(set) var router = RouteTable([])
    /// Clock, queues and stored invocations; nil without a database.
    private(set) var triggers: Triggers?
    /// Told once, when the last instance has gone.
    var onDrained: (() -> Void)?
    private(set) var isDraining = false
    /// Events that were in the hands of a function when the time for draining was over.
    private(set) var cutOffCount = 0
    /// Results that the database was never told, because it was away to the end.
    private(set) var unrecordedCount = 0
    /// Functions that are gone, or were defined anew, until their last instance has ended.
    private var retired: [FunctionHost] = []
    private let console: Console
    private let drainTime: Milliseconds
    /// How long requests are still taken after the platform has said that it is not ready.
    private let noticeTime: Milliseconds
    private var doorClosesAt: Milliseconds?
    private var server: HTTPServer?
    /// The operators' door: connections of its own, which a flood at the public door cannot take.
    private var operatorServer: HTTPServer?
    private var ticker: Timer?
    private var signals: [SignalWatcher] = []
    private var drainDeadline = Milliseconds.max
    /// Whether the functions have been told to end.
    private var isLeaving = false

    /// How often time-outs are looked at; all of them are counted in seconds.
    private static let tickInterval: Milliseconds = 100
    /// What a cut off request has for its answer to reach the client.
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

    /// Serves `definitions` from now on. A function whose manifest has not changed keeps its pool
    /// and gets new instances; one that is gone finishes what it has.
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

    /// Starts the ticker and the prewarmed instances, and lets the signals end it all.
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

    /// Opens the public door; the result is the port, which the system chose if `port` was 0.
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

    /// Opens the operators' door, a Unix socket of this user's.
    func listen(socket: SocketFile, _ gateway: Gateway) throws(UVError) {
        var limits = HTTPServerLimits()
        limits.connections = Self.operatorConnections
        let server = HTTPServer(on: loop, limits: limits, handler: gateway.answerOperator)
        server.bodyLimit = gateway.operatorBodyLimit
        operatorServer = server
        try server.listen(socket: socket)
    }

    /// Lets the clock, the queues and stored invocations call functions as well.
    func attach(_ triggers: Triggers) {
        self.triggers = triggers
        triggers.adopt(hosts)
        triggers.onEmptied { [unowned self] in closeIfDone() }
    }

    func host(named name: String) -> FunctionHost? {
        hosts.first { $0.name == name }
    }

    /// The function that is served alone and that no path leads to.
    var onlyHostWithoutRoutes: FunctionHost? {
        hosts.count == 1 && hosts[0].definition.manifest.routes.isEmpty ? hosts[0] : nil
    }

    /// Says that it is not ready, takes no more connections, finishes what was accepted, then lets
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

    /// The second signal: nobody wants to wait.
    func endNow() {
        for host in hosts + retired { host.killAll() }
        triggers?.killAll()
        console.warning("ended at once; requests in flight were lost")
        console.finish()
        exit(1)
    }

    /// The functions go once nothing more can come for them: no request, and no work that was
    /// claimed a moment ago.
    private func drainHosts() {
        let mayCome = hasOpenRequests || triggers?.isAsking == true
        guard !mayCome || loop.now >= drainDeadline else { return }
        for host in hosts { host.drain() }
        isLeaving = true
        closeIfEmpty()
    }

    /// Sooner than the next tick, for whoever waits for the end.
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
        let busy = hosts.reduce(0) { $0 + $1.pool.busyCount }
        if busy > 0, cutOffCount == 0 {
            console.warning(busy == 1 ? "1 request was cut off" : "\(busy) requests were cut off")
            cutOffCount = busy
        }
        for host in hosts { host.killAll() }
        if let count = triggers?.unrecordedCount, count > 0, unrecordedCount == 0 {
            console.error("results not recorded: \(count), what they are of may run again")
            unrecordedCount = count
        }
        triggers?.killAll()
    }

    /// What `serve` and `dev` end with.
    var exitCode: Int32 { cutOffCount + unrecordedCount == 0 ? 0 : 1 }

    /// The store goes last: what the other functions did must still be written down.
    private func triggersHaveEnded() -> Bool {
        guard let triggers else { return true }
        guard triggers.isSettled || loop.now >= drainDeadline else { return false }
        triggers.drain()
        return triggers.isEmpty
    }
}
