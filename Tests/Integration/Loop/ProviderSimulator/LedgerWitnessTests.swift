import EventLoop
import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

/// The ledger against what the clients saw.
@Suite(.timeLimit(.minutes(60))) struct LedgerWitnessTests {
    private static let badDay = #"""
        {"errors": [{"share": 0.2, "code": 131000}],
         "lost": {"reset": 0.2, "silence": 0.2, "taken": 0.5},
         "latency": {"uniform": [0, 5]}}
        """#

    @Test(arguments: [1, 2, 3] as [UInt64])
    func everySendIsWrittenDownOnceWhateverBecomesOfIt(seed: UInt64) throws {
        let rig = try Rig(Self.badDay, seed: seed)
        var seen: [String: Int] = [:]
        for number in 0..<60 {
            let client = try rig.connect()
            client.send(metaSend(to: "+2289\(number)"))
            try rig.loop.wait { rig.simulator.ledger.count == number + 1 }
            let entry = try #require(try rig.entries().last)
            #expect(entry["recipient"] == .string("+2289\(number)"))
            let outcome = try #require(entry["outcome"]?.string)
            seen[outcome, default: 0] += 1
            try expect(outcome, entry, of: client, on: rig.loop)
        }
        #expect(Set(seen.keys) == ["accepted", "error", "reset", "silence"], "seed \(seed)")
        #expect(rig.simulator.ledger.counts.received == 60)
        #expect(rig.simulator.ledger.counts.duplicates.isEmpty)
        try rig.close()
    }

    private func expect(
        _ outcome: String,
        _ entry: JSON,
        of client: TestClient,
        on loop: EventLoop
    ) throws {
        switch outcome {
        case "accepted":
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(try JSONParser.parse(answer.body).wamid == entry["id"]?.string)
        case "error": #expect(try client.answer().status == 500)
        case "reset":
            try loop.wait { client.isOver }
            #expect(client.failure != nil && client.received.isEmpty)
        default: #expect(client.received.isEmpty && !client.isOver)
        }
        #expect((entry["taken"] == true) == (entry["id"] != nil))
    }

    @Test func silenceIsNoAnswerButTheMessageGoesOut() throws {
        let rig = try Rig(#"{"lost": {"silence": 1}}"#)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        try rig.loop.wait { rig.platform.deliveries.count == 2 }
        let id = try #require(try rig.entries().first?["id"]?.string)
        #expect(try rig.platform.statuses(of: id) == [.sent, .delivered])
        #expect(client.received.isEmpty && !client.isOver)
        try rig.close()
    }

    @Test func aGatewayAnswersForAProviderThatTookTheMessage() throws {
        let rig = try Rig(#"{"lost": {"gateway": 1}}"#)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        let answer = try client.answer()
        #expect(answer.status == 502 && answer.body.isEmpty)
        try rig.loop.wait { rig.platform.deliveries.count == 2 }
        let entry = try #require(try rig.entries().first)
        #expect(entry["outcome"] == "gateway" && entry["taken"] == true)
        try rig.close()
    }

    @Test func whatIsNotTakenLeavesNoTrace() throws {
        let rig = try Rig(#"{"lost": {"reset": 1, "taken": 0}}"#)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        try rig.loop.wait { client.isOver }
        try rig.loop.observe(milliseconds: 30)
        #expect(rig.platform.deliveries.isEmpty)
        #expect(try rig.entries().first?["taken"] == false)
        try rig.close()
    }

    @Test func countsAMessageThatWasSentTwice() throws {
        let rig = try Rig()
        let client = try rig.connect()
        for reference in ["c:1:m1", "c:1:m2", "c:2:m1"] {
            client.send(metaSend(to: "+22890123456", reference: reference))
            _ = try client.answer()
        }
        let summary = try rig.control("GET", "summary?recipients").json
        #expect(summary["received"] == 3 && summary["duplicateCount"] == 1)
        #expect(summary["duplicates"]?[0]?["step"] == "m1")
        #expect(summary["counts"]?["+22890123456"] == ["m1": 2, "m2": 1])
        try rig.close()
    }

    @Test func theSameSeedGivesTheSameLedger() throws {
        func ledger(_ seed: UInt64) throws -> [String] {
            let rig = try Rig(Self.badDay, seed: seed)
            for number in 0..<40 {
                let client = try rig.connect()
                client.send(metaSend(to: "+2289\(number % 20)"))
                try rig.loop.wait { rig.simulator.ledger.count == number + 1 }
            }
            defer { try? rig.close() }
            return try rig.entries().map { entry in
                let names = ["recipient", "attempt", "outcome", "taken", "content", "body"]
                return names.map { entry[$0]?.text ?? "" }.joined(separator: " ")
            }
        }
        let first = try ledger(5)
        #expect(try ledger(5) == first)
        #expect(try ledger(6) != first)
    }

    @Test func refusesAboveTheRate() throws {
        let rig = try Rig(#"{"rates": {"account": {"perSecond": 0.001, "burst": 2}}}"#)
        let client = try rig.connect()
        var statuses: [Int] = []
        for number in 0..<4 {
            client.send(metaSend(to: "+\(number)"))
            statuses.append(try client.answer().status)
        }
        #expect(statuses == [200, 200, 429, 429])
        #expect(rig.simulator.ledger.counts.taken == 2)
        #expect(try rig.entries().last?["outcome"] == "rate_limited")
        try rig.close()
    }

    @Test func refusesTooManyToOnePerson() throws {
        let rig = try Rig(#"{"rates": {"pair": {"perSecond": 0.001, "burst": 1}}}"#)
        let client = try rig.connect()
        var codes: [JSON?] = []
        for recipient in ["+1", "+2", "+1"] {
            client.send(metaSend(to: recipient))
            codes.append(try JSONParser.parse(try client.answer().body)["error"]?["code"])
        }
        #expect(codes == [nil, nil, 131_056])
        try rig.close()
    }
}
