import FunctionContract
import SeededRandom
import Testing

@Suite struct EventTests {
    @Test func bothKindsTellWhatAHostAsks() {
        var request = HTTPEvent()
        request.requestContext.requestId = "r-1"
        request.headers = ["traceparent": "00-a-b-01"]
        request.deadline = Timestamp(milliseconds: 5)
        var cloud = CloudEvent(id: "c-1", source: "s", type: "t")
        cloud.traceparent = "00-a-b-02"
        cloud.deadline = Timestamp(milliseconds: 6)
        let events: [Event] = [.http(request), .cloud(cloud)]
        #expect(events.map(\.requestID) == ["r-1", "c-1"])
        #expect(events.map(\.traceparent) == ["00-a-b-01", "00-a-b-02"])
        #expect(events.map(\.deadline) == [request.deadline, cloud.deadline])
    }

    @Test("Mutated events are refused or read, and never crash", .timeLimit(.minutes(60)))
    func mutations() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var event = HTTPEvent()
        event.body = Array("é\"\n".utf8)
        event.cookies = ["a=b"]
        let line = Event.http(event).bytes
        for _ in 0..<3000 {
            var mutated = line
            let place = Int(random.next() % UInt64(line.count))
            mutated[place] = UInt8(truncatingIfNeeded: random.next())
            guard let read = try? Event.decode(mutated) else { continue }
            #expect((try? Event.decode(read.bytes)) == read, "seed \(seed), place \(place)")
        }
    }
}
