import Glibc
import HTTPClient
import Networks
import Testing

@Suite(.ownThread)
struct BatchTests {
    @Test func sendsAllOverFewConnections() {
        let server = ScriptedServer { .answer(ScriptedServer.ok($0.body)) }
        defer { server.stop() }
        let requests = (0..<100).map {
            PlannedRequest(.init(.post, server.url, body: [UInt8]("\($0)".utf8)))
        }
        var bodies: [Int: [UInt8]] = [:]
        HTTPClient(egress: .loopback).sendAll(requests, concurrency: 8) {
            bodies[$0] = $1.response?.body
        }
        #expect(bodies.count == 100)
        #expect(bodies.allSatisfy { $0.value == [UInt8]("\($0.key)".utf8) })
        #expect(server.requests.count == 100)
        #expect((1...8).contains(server.connections))
    }

    @Test func takesMoreRequestsWhileOthersFly() {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        let batch = OutboundBatch(on: HTTPClient(egress: .loopback), concurrency: 4)
        var added = 0
        var finished: Set<Int> = []
        while added < 50 || !batch.isEmpty {
            for _ in 0..<min(3, 50 - added) {
                #expect(batch.add(PlannedRequest(.init(.get, server.url))) == added)
                added += 1
            }
            finished.formUnion(batch.step(upTo: .milliseconds(100)).map(\.ticket))
        }
        #expect(finished == Set(0..<50))
    }

    @Test func startsNothingBeforeItsTime() {
        let server = ScriptedServer.answering("ok")
        defer { server.stop() }
        let clock = ContinuousClock()
        let start = clock.now
        let requests = (0..<5).map { number in
            PlannedRequest(
                .init(.get, server.url),
                notBefore: start + .milliseconds(40 * (5 - number))
            )
        }
        var ends: [Int: ContinuousClock.Instant] = [:]
        var order: [Int] = []
        // One at a time: of several that are due at once, none could be told to have been first.
        HTTPClient(egress: .loopback).sendAll(requests, concurrency: 1) { number, outcome in
            #expect(outcome.response != nil)
            ends[number] = clock.now
            order.append(number)
        }
        for (number, planned) in requests.enumerated() {
            let end = ends[number] ?? start
            #expect(end >= planned.notBefore ?? start)
        }
        #expect(order == [4, 3, 2, 1, 0])
    }

    @Test func aRequestThatWaitsPastItsDeadlineIsNotSent() {
        let deadline = ContinuousClock.now + .milliseconds(150)
        let server = ScriptedServer { _ in
            while ContinuousClock.now < deadline { usleep(1000) }
            return .answer(ScriptedServer.ok("late"))
        }
        defer { server.stop() }
        let first = PlannedRequest(.init(.post, server.url))
        let others = (1...2).map { _ in
            PlannedRequest(.init(.post, server.url), deadline: deadline)
        }
        var outcomes: [OutboundOutcome] = []
        HTTPClient(egress: .loopback).sendAll([first] + others, concurrency: 1) {
            outcomes.append($1)
        }
        #expect(outcomes.compactMap(\.response).count == 1)
        #expect(outcomes.compactMap(\.notSentReason) == [.deadlinePassed, .deadlinePassed])
        #expect(server.requests.count == 1)
    }

    @Test func oneFailureDisturbsNoOther() {
        let server = ScriptedServer {
            $0.body == "bad" ? .reset : .answer(ScriptedServer.ok("ok"))
        }
        defer { server.stop() }
        let requests = (0..<40).map {
            PlannedRequest(
                .init(.post, server.url, body: [UInt8](($0 % 10 == 3 ? "bad" : "good").utf8))
            )
        }
        var unknown: Set<Int> = []
        var answered: Set<Int> = []
        HTTPClient(egress: .loopback).sendAll(requests, concurrency: 6) { number, outcome in
            if outcome.response != nil { answered.insert(number) }
            if outcome.unknownReason == .connectionLost { unknown.insert(number) }
        }
        #expect(unknown == [3, 13, 23, 33])
        #expect(answered.count == 36)
        #expect(server.requests.count == 40)
    }

    @Test func returnsWhenTheTimeIsOver() {
        let server = ScriptedServer { _ in .stall("") }
        defer { server.stop() }
        let batch = OutboundBatch(on: HTTPClient(egress: .loopback), concurrency: 1)
        batch.add(PlannedRequest(.init(.get, server.url)))
        let spent = ContinuousClock().measure {
            #expect(batch.step(upTo: .milliseconds(50)).isEmpty)
        }
        #expect(spent >= .milliseconds(50) && spent < .seconds(10))
        #expect(!batch.isEmpty)
    }

    @Test func anEmptyBatchDoesNotWait() {
        let batch = OutboundBatch(on: HTTPClient(egress: .loopback), concurrency: 1)
        #expect(batch.step(upTo: .seconds(60)).isEmpty)
        #expect(batch.isEmpty)
    }
}
