import Measurement
import Testing

@Suite struct ReportTests {
    private func words(
        _ ours: Double,
        peers: [Measured] = [],
        missing: [String] = [],
        budget: Budget = Budget()
    ) throws -> String {
        let measured =
            [Contender("ours", .ours) { _ throws(Failure) in ours }]
            + peers.map { peer in
                Contender(peer.name, .peer) { _ throws(Failure) in peer.value }
            }
        let example = Case(
            name: "example",
            summary: "an example",
            unit: "ms",
            direction: .higherIsBetter,
            budget: budget,
            contenders: measured + missing.map { Contender($0, .installedPeer, sample: nil) }
        )
        return try example.run(.smoke, machine: "m") { _ in }.words
    }

    @Test func showsEachPromiseBesideWhatWasMeasured() throws {
        let words = try words(
            41_412.4,
            peers: [Measured("bare-c", 97_600), Measured("node", 26_300)],
            missing: ["celery"],
            budget: Budget(ratios: ["bare-c": 0.45], limit: 1000)
        )
        #expect(
            words
                == "41412 ms (≥ 1000)   0.424 × bare-c (≥ 0.45)   1.57 × node   without celery"
        )
    }

    @Test(arguments: [(3.456, "3.46"), (34.56, "34.6"), (345.6, "346"), (0.05, "0.05"), (3, "3")])
    func showsThreeDigits(value: Double, text: String) throws {
        #expect(try words(value) == "\(text) ms")
    }

    @Test func anOutcomeStandsInFrontOfItsCase() {
        #expect(CaseOutcome.missed.line("send", "1 ms") == "MISSED  send                  1 ms")
    }
}
