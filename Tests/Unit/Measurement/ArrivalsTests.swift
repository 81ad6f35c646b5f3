import Measurement
import SeededRandom
import Testing

@Suite struct ArrivalsTests {
    private func arrivals(_ milliseconds: [Int]) throws(Failure) -> Arrivals {
        let lines = milliseconds.enumerated().map { "\($0.element * 1000) \($0.offset)\n" }
        return try Arrivals(parsing: lines.joined())
    }

    @Test func readsALedger() throws {
        let arrivals = try Arrivals(parsing: "3000000 a\n1000000 b\n2000000 a\n")
        #expect(arrivals.times == [1, 2, 3])
        #expect(arrivals.doubles == 1)
        #expect(arrivals.first(to: "a") == 2)
        #expect(arrivals.first(to: "c") == nil)
        #expect(arrivals.seconds == 2)
        #expect(arrivals.perSecond == 1)
        #expect(throws: Failure("the provider's ledger has a line 1000000 ")) {
            try Arrivals(parsing: "1000000 \n")
        }
    }

    @Test func nothingHasNoRate() throws {
        #expect(try arrivals([]).perSecond == 0)
        #expect(try arrivals([5]).perSecond == 0)
        #expect(try arrivals([]).excess(overInterval: 1) == 0)
    }

    @Test(arguments: [
        ([0, 10, 20, 30], 0.0),
        ([0, 10, 15, 30], 0.5),
        // A message that is held up, and one that is not: the window between them is too full.
        ([0, 19, 20, 30], 0.9),
        ([0, 0, 0], 2.0),
        // A pause gives nothing back.
        ([0, 100, 100, 110], 1.0),
    ])
    func saysHowFarAWindowIsOver(_ milliseconds: [Int], _ excess: Double) throws {
        let found = try arrivals(milliseconds).excess(overInterval: 0.010)
        #expect(abs(found - excess) < 0.000_001)
    }

    @Test func countsTheFullestOfAllWindows() throws {
        var random = SeededRandom(seed: 1)
        let times = (0..<60).map { _ in Int.random(in: 0...400, using: &random) }.sorted()
        var most = 0.0
        for (first, start) in times.enumerated() {
            for (last, end) in times.enumerated() where last >= first {
                most = max(most, Double(last - first) - Double(end - start) / 10)
            }
        }
        let found = try arrivals(times).excess(overInterval: 0.010)
        #expect(abs(found - most) < 0.000_001, "\(times)")
    }
}
