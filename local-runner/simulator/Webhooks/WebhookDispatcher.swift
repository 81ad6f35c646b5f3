import EventLoop

/// Posts webhooks in parallel, and repeats the failed ones.
final class WebhookDispatcher {
    struct Counters: Equatable {
        var posted = 0
        var delivered = 0
        var failedTries = 0
        /// Failed as often as the rules allow, or refused permanently.
        var givenUp = 0
        /// Not tried, because too many were waiting.
        var dropped = 0
    }

    /// The most webhooks that may wait for a connection.
    static let waitingLimit = 200_000

    private(set) var counters = Counters()
    var rules = RetryRules()

    private let loop: EventLoop
    let address: WebhookAddress
    private let agenda: Agenda
    private var sweeper: Timer?
    private var waiting = WaitingLine<Posting>()
    private var idle: [WebhookConnection] = []
    private var busy: [ObjectIdentifier: (connection: WebhookConnection, posting: Posting)] = [:]
    private var connecting = 0
    private var onIdle: (() -> Void)?

    init(on loop: EventLoop, to address: WebhookAddress, _ agenda: Agenda) throws(UVError) {
        self.loop = loop
        self.address = address
        self.agenda = agenda
        sweeper = try Timer(on: loop) { [unowned self] in sweep() }
        sweeper?.start(after: Self.sweepMilliseconds, repeating: Self.sweepMilliseconds)
    }

    /// Webhooks that are in progress or wait for a connection.
    var pending: Int { busy.count + connecting + waiting.count }

    func post(_ posting: Posting) {
        counters.posted += 1
        enqueue(posting)
    }

    /// Calls `action` when nothing is pending. Scheduled retries do not count.
    func whenIdle(_ action: @escaping () -> Void) {
        onIdle = action
        checkIdle()
    }

    func close() {
        sweeper?.close()
        sweeper = nil
        onIdle = nil
        for connection in idle { connection.close() }
        for entry in busy.values { entry.connection.close() }
        idle = []
        busy = [:]
        waiting = WaitingLine()
    }

    private static let sweepMilliseconds: UInt64 = 250
    // Shorter than the usual limit of servers, so that none closes a connection while we write.
    private static let idleMilliseconds: UInt64 = 15_000
}

// MARK: - Sending

extension WebhookDispatcher {
    private func enqueue(_ posting: Posting) {
        guard sweeper != nil else { return }
        guard waiting.count < Self.waitingLimit else {
            counters.dropped += 1
            return posting.didTry()
        }
        waiting.append(posting)
        advance()
    }

    private func advance() {
        while !waiting.isEmpty {
            if let connection = idle.popLast() {
                guard let posting = waiting.next() else { return }
                send(posting, on: connection)
            } else if busy.count + connecting < rules.connections {
                guard let posting = waiting.next() else { return }
                connect(for: posting)
            } else {
                return
            }
        }
        checkIdle()
    }

    private func send(_ posting: Posting, on connection: WebhookConnection) {
        busy[ObjectIdentifier(connection)] = (connection, posting)
        connection.deadline = loop.now + UInt64(rules.timeoutMilliseconds)
        connection.send(posting.head(to: address), posting.body)
    }

    private func connect(for posting: Posting) {
        connecting += 1
        do throws(UVError) {
            try Connector.connect(on: loop, host: address.host, port: address.port) {
                [weak self] result in
                self?.didConnect(result, posting)
            }
        } catch {
            connecting -= 1
            settle(posting, nil)
        }
    }

    private func didConnect(_ result: Result<Stream, UVError>, _ posting: Posting) {
        connecting -= 1
        guard case .success(let stream) = result else {
            settle(posting, nil)
            return advance()
        }
        guard sweeper != nil else { return stream.close() }
        let connection = WebhookConnection(stream) { [weak self] connection, status in
            self?.didFinish(connection, status)
        }
        send(posting, on: connection)
    }

    private func didFinish(_ connection: WebhookConnection, _ status: Int?) {
        if let entry = busy.removeValue(forKey: ObjectIdentifier(connection)) {
            settle(entry.posting, status)
        } else {
            idle.removeAll { $0 === connection }
        }
        if connection.keepsAlive {
            connection.deadline = loop.now + Self.idleMilliseconds
            idle.append(connection)
        }
        advance()
    }
}

// MARK: - Outcomes

extension WebhookDispatcher {
    private func settle(_ posting: Posting, _ status: Int?) {
        posting.didTry()
        if let status, (200..<300).contains(status) {
            counters.delivered += 1
            return
        }
        counters.failedTries += 1
        let isWorthIt = status.map(posting.account.provider.player.repeats) ?? true
        guard isWorthIt, let wait = rules.wait(after: posting.tries) else {
            counters.givenUp += 1
            return
        }
        agenda.after(wait) { [weak self] in self?.enqueue(posting) }
    }

    private func sweep() {
        let now = loop.now
        for entry in busy.values where entry.connection.deadline <= now {
            entry.connection.end(nil)
        }
        let expired = idle.filter { $0.deadline <= now }
        idle.removeAll { $0.deadline <= now }
        for connection in expired { connection.close() }
    }

    private func checkIdle() {
        guard pending == 0, let onIdle else { return }
        self.onIdle = nil
        onIdle()
    }
}
