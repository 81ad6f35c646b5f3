import EventLoop
import FunctionContract
import HTTPServer
import Providers

/// All messaging providers on one loop. It accepts sends, records them, answers according to the
/// scenario, and sends webhooks about their progress.
final class Simulator {
    let loop: EventLoop
    let ledger: Ledger
    let agenda: Agenda
    /// Nil when no webhooks are wanted.
    let dispatcher: WebhookDispatcher?
    var world: World
    /// The scenario as a document, with every change since the start.
    var description: JSON
    /// Called when the ledger cannot be written. The simulator must not continue with an incomplete
    /// record.
    var onLedgerFailure: (FileError) -> Void = { _ in }

    let clock: () -> Timestamp
    private var server: HTTPServer?
    /// Requests that never get an answer.
    private var silenced: [ObjectIdentifier: HTTPExchange] = [:]
    private var rates = (accounts: RateLimiter(), pairs: RateLimiter())

    init(
        on loop: EventLoop,
        _ behaviour: Behaviour,
        description: JSON = [:],
        ledger: Ledger,
        webhooks: WebhookAddress?,
        run: UInt64,
        clock: @escaping () -> Timestamp
    ) throws(UVError) {
        self.loop = loop
        self.ledger = ledger
        self.description = description
        self.clock = clock
        world = World(behaviour, ids: IDSource(run: run))
        agenda = try Agenda(on: loop)
        dispatcher = try Self.dispatcher(on: loop, webhooks, agenda)
        dispatcher?.rules = behaviour.scenario.retries
    }

    private static func dispatcher(
        on loop: EventLoop,
        _ address: WebhookAddress?,
        _ agenda: Agenda
    ) throws(UVError) -> WebhookDispatcher? {
        guard let address else { return nil }
        return try WebhookDispatcher(on: loop, to: address, agenda)
    }

    /// Starts to listen and returns the port.
    func listen(host: String, port: UInt16) throws(UVError) -> UInt16 {
        var limits = HTTPServerLimits()
        limits.bodyBytes = 16 * 1024 * 1024
        let server = HTTPServer(on: loop, limits: limits) { [unowned self] in handle($0) }
        self.server = server
        let port = try server.listen(host: host, port: port)
        world.address = "http://\(host):\(port)"
        return port
    }

    /// Answers the accepted requests, delivers the webhooks that are due, and releases the loop.
    func drain(graceMilliseconds: Int, completion: @escaping () -> Void) {
        for exchange in silenced.values { exchange.abort() }
        silenced = [:]
        server?.drain(graceMilliseconds: UInt64(graceMilliseconds)) { [self] in
            agenda.removeAll()
            guard let dispatcher else { return finish(completion) }
            agenda.after(graceMilliseconds) { [self] in finish(completion) }
            dispatcher.whenIdle { [self] in finish(completion) }
        }
    }

    private func finish(_ completion: () -> Void) {
        dispatcher?.close()
        agenda.close()
        completion()
    }

    /// Removes sends, messages, people and templates, and cancels all planned events.
    func reset() {
        ledger.reset()
        agenda.removeAll()
        rates = (RateLimiter(), RateLimiter())
        let fresh = World(world.behaviour, ids: world.ids)
        let address = world.address
        world = fresh
        world.address = address
    }
}

// MARK: - Requests

extension Simulator {
    func handle(_ exchange: HTTPExchange) {
        let call = Call(exchange.request)
        world.now = clock()
        if let answer = control(call) { return exchange.reply(answer.response) }
        if let answer = LanguageModel.answer(to: call, world.scenario) {
            return exchange.reply(answer.response)
        }
        guard let provider = Provider(playing: call) else {
            return exchange.reply(Self.unknownPath(call.path).response)
        }
        let action = provider.player.action(for: call, in: &world)
        carryOutPlans()
        switch action {
        case .answer(let answer): exchange.reply(answer.response)
        case .send(let send): take(send, call, exchange)
        case .refuse(let send, let refusal): refuse(send, refusal, call, exchange)
        }
    }

    private static func unknownPath(_ path: String) -> Answer {
        Answer(
            404,
            [
                "error": [
                    "code": "unknown_path",
                    "message": .string("No provider has \(path). See GET /_simulator."),
                ]
            ]
        )
    }
}

// MARK: - Sends

extension Simulator {
    private func take(_ send: Send, _ call: Call, _ exchange: HTTPExchange) {
        if let refusal = rateRefusal(send) { return refuse(send, refusal, call, exchange) }
        let attempt = world.people.nextAttempt(send.recipient)
        let decision = world.behaviour.decision(
            on: send.recipient,
            attempt: attempt,
            buttons: send.buttons.count,
            failing: isOutsideWindow(send) ? .windowClosed : nil
        )
        if case .refused(let rule) = decision.fate {
            return refuse(send, .scripted(rule), call, exchange, attempt, after: decision.latency)
        }
        let player = send.account.provider.player
        let message = decision.isTaken ? player.message(for: send, in: &world) : nil
        guard record(send, call, attempt, decision.fate.word, message, exchange) else { return }
        if let message {
            world.messages.add(message)
            follow(message, decision, whenTold: { [self] in answer(message, decision, exchange) })
        } else {
            end(exchange, decision)
        }
    }

    /// The rate limit that this send would exceed; nil when there is none.
    private func rateRefusal(_ send: Send) -> Refusal? {
        let now = world.now.milliseconds
        let account = "\(send.account.provider.rawValue) \(send.account.id)"
        if let rate = world.scenario.rates.account,
            let wait = rates.accounts.wait(for: account, at: now, rate)
        {
            return .tooFast(waitMilliseconds: wait)
        }
        if let rate = world.scenario.rates.pair,
            let wait = rates.pairs.wait(for: "\(account) \(send.recipient)", at: now, rate)
        {
            return .tooFastForRecipient(waitMilliseconds: wait)
        }
        return nil
    }

    private func isOutsideWindow(_ send: Send) -> Bool {
        world.scenario.templates.enforcesWindow && send.account.provider == .meta
            && send.template == nil
            && !world.people.hasOpenWindow(send.recipient, at: world.now)
    }

    private func refuse(
        _ send: Send,
        _ refusal: Refusal,
        _ call: Call,
        _ exchange: HTTPExchange,
        _ attempt: Int = 0,
        after latency: Int = 0
    ) {
        guard record(send, call, attempt, refusal.word, nil, exchange) else { return }
        let answer = send.account.provider.player.refusal(refusal)
        later(latency) { exchange.reply(answer.response) }
    }

    /// A send gets an answer only after it was recorded.
    private func record(
        _ send: Send,
        _ call: Call,
        _ attempt: Int,
        _ outcome: String,
        _ message: SentMessage?,
        _ exchange: HTTPExchange
    ) -> Bool {
        guard !ledger.isFull else {
            exchange.reply(send.account.provider.player.refusal(.full).response)
            return false
        }
        let entry = LedgerEntry(
            number: 0,
            at: world.now,
            send: send,
            path: call.path,
            bodyDigest: digest(call.body),
            attempt: attempt,
            outcome: outcome,
            isTaken: message != nil,
            id: message?.id
        )
        do throws(FileError) {
            try ledger.record(entry)
            return true
        } catch {
            onLedgerFailure(error)
            return false
        }
    }
}

// MARK: - Replies

extension Simulator {
    private func answer(_ message: SentMessage, _ decision: Decision, _ exchange: HTTPExchange) {
        guard case .accepted = decision.fate else { return end(exchange, decision) }
        let answer = message.account.provider.player.acceptance(of: message)
        later(decision.latency) { exchange.reply(answer.response) }
    }

    /// Ends a request that gets no answer from the provider.
    private func end(_ exchange: HTTPExchange, _ decision: Decision) {
        switch decision.fate {
        case .silence:
            let key = ObjectIdentifier(exchange)
            silenced[key] = exchange
            exchange.onDisconnect = { [unowned self] in silenced[key] = nil }
        case .gateway: later(decision.latency) { exchange.reply(HTTPResponse(status: 502)) }
        case .accepted, .refused, .reset: later(decision.latency) { exchange.abort() }
        }
    }

    func later(_ milliseconds: Int, _ action: @escaping () -> Void) {
        if milliseconds == 0 { action() } else { agenda.after(milliseconds, action) }
    }
}

extension Decision.Fate {
    /// The word for the outcome in the ledger.
    fileprivate var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "error"
        case .reset: "reset"
        case .silence: "silence"
        case .gateway: "gateway"
        }
    }
}
