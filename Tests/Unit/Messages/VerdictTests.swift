import Database
import FunctionContract
import Providers
import SeededRandom
import Testing

@testable import Messages

struct VerdictTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    @Test("a message that fails each time is sent four times, after 1, 2 and 4 minutes")
    func retries() {
        var failures = 0
        var waits: [Duration] = []
        while true {
            let verdict = verdict(of: error(131_016), failures: failures)
            guard case .again(let wait, let counts, _) = verdict.fate else {
                guard case .failed = verdict.fate else { return #expect(Bool(false)) }
                break
            }
            #expect(counts)
            waits.append(wait)
            failures += 1
        }
        #expect(waits == [.seconds(60), .seconds(120), .seconds(240)])
        #expect(failures == Verdict.retryLimit)
    }

    @Test("the wait doubles with each failure, whatever the provider wanted")
    func backsOff() {
        for failures in 1...12 {
            #expect(Verdict.wait(failures: failures + 1) == Verdict.wait(failures: failures) * 2)
        }
    }

    @Test("whatever a provider answers, a message is not retried more than three times")
    func property() {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        for _ in 0..<5000 {
            let provider = Provider.allCases.randomElement(using: &random) ?? .meta
            let reply = ProviderReply(
                status: [200, 400, 401, 404, 408, 429, 449, 500, 503].randomElement(using: &random)
                    ?? 500,
                body: error(Int.random(in: 130_000...136_000, using: &random)).body
            )
            let outcome = provider.outcome(of: .reply(reply), now: now)
            let message = message(failures: Verdict.retryLimit)
            if case .again(_, let counts, _) = Verdict(outcome, for: message).fate {
                #expect(!counts, "seed \(seed)")
            }
        }
    }

    @Test("a channel's failure does not count against the message, but has an end")
    func channelFailures() {
        let throttled = verdict(of: error(130_429), failures: 3)
        guard case .again(_, counts: false, _) = throttled.fate, case .hold = throttled.channel
        else { return #expect(Bool(false)) }
        let last = Verdict(
            Provider.meta.outcome(of: .notSent("refused"), now: now),
            for: message(failures: 0, attempt: Verdict.attemptLimit)
        )
        guard case .failed = last.fate else { return #expect(Bool(false)) }
    }

    @Test("a message that its channel turns away again and again has attempts left for days")
    func patience() {
        var waits: [Duration] = []
        for attempt in 1..<Verdict.attemptLimit {
            let outcome = Provider.meta.outcome(of: .reply(error(130_429)), now: now)
            let verdict = Verdict(outcome, for: message(failures: 0, attempt: attempt))
            guard case .again(let wait, counts: false, _) = verdict.fate else {
                return #expect(Bool(false))
            }
            waits.append(wait)
        }
        #expect(waits.prefix(10).allSatisfy { $0 == .zero })
        #expect(waits == waits.sorted() && waits.last == Breaker.longestHold)
        #expect(waits.reduce(.zero, +) > .seconds(24 * 3600))
    }

    @Test("an answer that was lost makes a message unknown and a channel doubtful")
    func lost() {
        let verdict = Verdict(
            Provider.meta.outcome(of: .lost("timeout"), now: now),
            for: message(failures: 0)
        )
        guard case .unknown = verdict.fate, case .doubtful = verdict.channel else {
            return #expect(Bool(false))
        }
    }

    @Test("a ban signal pauses the channel and keeps the message")
    func ban() {
        let verdict = verdict(of: error(131_048), failures: 0)
        guard case .again(_, counts: false, _) = verdict.fate, case .pause = verdict.channel
        else { return #expect(Bool(false)) }
    }

    @Test("a refused template pauses the template, not the channel")
    func template() {
        let verdict = verdict(of: error(132_015), failures: 0)
        #expect(verdict.template != nil)
        #expect(verdict.channel == .works)
    }

    @Test("an undeliverable number is given up with what it says about the contact")
    func undeliverable() {
        let verdict = verdict(of: error(131_026), failures: 0)
        guard case .failed(_, .undeliverable) = verdict.fate else { return #expect(Bool(false)) }
    }

    private func verdict(of reply: ProviderReply, failures: Int) -> Verdict {
        let outcome = Provider.meta.outcome(of: .reply(reply), now: now)
        return Verdict(outcome, for: message(failures: failures))
    }

    private func error(_ code: Int) -> ProviderReply {
        let json: JSON = ["error": ["code": .integer(code), "message": "x"]]
        return ProviderReply(status: 400, body: json.bytes)
    }

    private func message(failures: Int, attempt: Int = 1) -> ClaimedMessage {
        ClaimedMessage(
            AttemptReference(message: .v7(), attempt: attempt),
            contact: .v7(),
            to: .phone("+22997000000"),
            body: "x",
            failures: failures
        )
    }
}

struct BreakerTests {
    private let reason = Reason(french: "x", english: "x")

    /// Replies that come back together, how many, and for how many seconds the channel then rests.
    @Test(
        "the wait that a provider asks for is the wait; without one, failures in a row lengthen it",
        arguments: [
            (["130429 2"], 1, 2), (["130429 2"], 5, 2), (["130429 2"], 500, 2),
            (["429 7"], 5, 7), (["503 3"], 5, 3), (["429 3600"], 5, 3600), (["429 0"], 5, 30),
            (["130429"], 4, 2), (["130429"], 5, 30), (["429"], 4, 30), (["refused"], 4, 5),
            (["refused"], 5, 30), (["lost"], 4, 0), (["lost"], 5, 30),
            (["130429 2", "refused"], 4, 5), (["429 90", "lost"], 5, 90),
            (["lost", "130429 2"], 5, 30), (["refused", "200"], 5, 5), (["131016"], 9, 0),
        ]
    )
    func rests(_ replies: [String], _ times: Int, _ seconds: Int) {
        let before = Breaker(failures: 0)
        var breaker = before
        let channels = Array(repeating: replies.map(channel), count: times).flatMap { $0 }
        breaker.see(channels)
        #expect(breaker.rest(after: channels, since: before).wait == .seconds(seconds))
    }

    /// Of a reply: what became of it or its code, and `Retry-After`.
    private func channel(_ reply: String) -> Verdict.Channel {
        let words = reply.split(separator: " ")
        let headers: HTTPFields = words.count > 1 ? ["retry-after": String(words[1])] : [:]
        let result: TransportResult
        switch (words[0], Int(words[0])) {
        case ("refused", _): result = .notSent("refused")
        case ("lost", _): result = .lost("timeout")
        case (_, let code?) where code > 1000:
            let json: JSON = ["error": ["code": .integer(code), "message": "x"]]
            result = .reply(ProviderReply(status: 400, headers: headers, body: json.bytes))
        case (_, 200):
            let json: JSON = ["messages": [["id": "wamid.1"]]]
            result = .reply(ProviderReply(status: 200, headers: headers, body: json.bytes))
        case (_, let status):
            let body = Array("busy".utf8)
            result = .reply(ProviderReply(status: status ?? 0, headers: headers, body: body))
        }
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let outcome = Provider.meta.outcome(of: result, now: now)
        return Verdict(outcome, attempt: 1, failures: 0).channel
    }

    @Test("it opens after five failures in a row, longer each time, and closes at a success")
    func opens() {
        var breaker = Breaker(failures: 0)
        var holds: [Duration] = []
        for _ in 0..<8 {
            breaker.see([.doubtful(reason)])
            holds.append(breaker.hold)
        }
        #expect(holds.prefix(4).allSatisfy { $0 == .zero })
        #expect(holds.dropFirst(4) == [.seconds(30), .seconds(60), .seconds(120), .seconds(240)])
        breaker.see([.works])
        #expect(breaker == Breaker(failures: 0))
    }

    @Test("however many fail at once, that is one attempt")
    func countsBursts() {
        var breaker = Breaker(failures: 0)
        breaker.see(Array(repeating: .doubtful(reason), count: 200))
        #expect(breaker.hold == Breaker.firstHold)
        breaker.see(Array(repeating: .doubtful(reason), count: 200))
        #expect(breaker.hold == Breaker.firstHold * 2)
    }

    @Test("a success in between begins the row anew")
    func resets() {
        var breaker = Breaker(failures: 4)
        breaker.see([.doubtful(reason), .works, .doubtful(reason), .doubtful(reason)])
        #expect(breaker.failures == 2)
    }

    @Test("it never waits longer than its limit")
    func isBounded() {
        #expect(Breaker(failures: 1000).hold == Breaker.longestHold)
    }
}
