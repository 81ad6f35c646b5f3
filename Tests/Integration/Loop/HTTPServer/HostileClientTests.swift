import EventLoop
import Glibc
import HTTPServer
import Testing

@Suite(.timeLimit(.minutes(60))) struct HostileClientTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func servesWhileThousandsIdleAndOneDripsItsHead() async {
        await #expect(processExitsWith: .success) {
            _ = limitDescriptors(to: 10_000)
            let fixture = try ServerFixture()
            let idle = (0..<2_000).map { _ in connectIdle(to: fixture) }
            let slow = try fixture.connect()
            let normal = try fixture.connect()
            for letter in "GET /slow HTTP/1.1\r\nHost: a\r\n" {
                slow.send(String(letter))
                normal.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try normal.answer()
                precondition(answer.status == 200)
            }
            precondition(fixture.server.counters.open == 2_002)
            slow.send("\r\n")
            let answer = try slow.answer()
            precondition(answer["x-request"] == "GET /slow")
            for descriptor in idle { Glibc.close(descriptor) }
            try fixture.loop.wait { fixture.server.counters.open == 2 }
            try fixture.close()
        }
    }

    /// Each client sends something nearly right and ends its side, so that the server has to come
    /// to a decision; then none of them may still be there and the next good request is answered.
    @Test func outlivesThousandsOfMutatedRequests() throws {
        let seed: UInt64 = 20_261_120
        var mutator = Mutator(state: seed)
        let fixture = try ServerFixture()
        for round in 0..<60 {
            let clients = try (0..<50).map { _ in try fixture.connect() }
            for client in clients {
                client.send(mutator.next())
                client.endSending()
            }
            try fixture.loop.wait { clients.allSatisfy(\.isOver) }
            #expect(clients.allSatisfy { $0.failure == nil }, "seed \(seed), round \(round)")
            for client in clients { client.close() }
        }
        try fixture.loop.wait { fixture.server.counters.open == 0 }
        let client = try fixture.connect()
        client.send(get)
        #expect(try client.answer().status == 200)
        try fixture.close()
    }

    @Test func leavesNothingOfClientsThatVanish() throws {
        var mutator = Mutator(state: 7)
        var waiting: [HTTPExchange] = []
        let fixture = try ServerFixture { waiting.append($0) }
        for _ in 0..<20 {
            let clients = try (0..<20).map { _ in try fixture.connect() }
            for client in clients {
                client.send(mutator.next())
                client.reset()
            }
        }
        try fixture.loop.wait { fixture.server.counters.open == 0 }
        for exchange in waiting { exchange.reply(HTTPResponse(status: 200)) }
        try fixture.close()
    }
}

// Waits for the accept each time, because the backlog holds fewer than there are clients.
private func connectIdle(to fixture: ServerFixture) -> Int32 {
    let accepted = fixture.server.counters.accepted
    let descriptor = connectBlocking(to: fixture.port)
    fixture.loop.run { fixture.server.counters.accepted > accepted }
    return descriptor
}

/// Requests that are nearly right, from a seed.
private struct Mutator {
    var state: UInt64

    mutating func next() -> [UInt8] {
        var bytes = Array(Mutator.requests[below(Mutator.requests.count)].utf8)
        for _ in 0..<below(4) {
            let position = below(bytes.count)
            switch below(3) {
            case 0: bytes[position] = UInt8(below(256))
            case 1: bytes.insert(UInt8(below(256)), at: position)
            default: bytes.removeSubrange(position..<min(bytes.count, position + below(12)))
            }
        }
        return bytes
    }

    // The multiplier and increment of Knuth's MMIX; its high bits are the good ones.
    private mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, bound)
    }

    private static let requests = [
        "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ]
}
