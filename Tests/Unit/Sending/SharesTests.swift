import FunctionContract
import SeededRandom
import Testing

@testable import Sending

/// How many requests channels and workspaces may have on their way.
struct SharesTests {
    private let places = 640

    /// Has every channel begin as many as it may, round after round, until none may.
    private func fill(
        _ shares: inout Shares,
        _ channels: [(channel: UUID, workspace: UUID)]
    ) -> [Int] {
        var counts = channels.map { _ in 0 }
        var hasBegun = true
        while hasBegun {
            hasBegun = false
            for (place, owner) in channels.enumerated()
            where shares.room(for: owner.channel, of: owner.workspace) > 0 {
                shares.begin(owner.channel, of: owner.workspace)
                counts[place] += 1
                hasBegun = true
            }
        }
        return counts
    }

    @Test("one channel alone has most places, and not all")
    func alone() {
        var shares = Shares(places: places)
        let count = fill(&shares, [(.v7(), .v7())])[0]
        #expect((places / 2..<places * 3 / 4).contains(count))
    }

    @Test(
        "however many channels of a workspace hang, another workspace has room",
        arguments: [1, 10, 64, 150, 600]
    )
    func others(hanging: Int) {
        var shares = Shares(places: places)
        let workspace = UUID.v7()
        let counts = fill(&shares, (0..<hanging).map { _ in (.v7(), workspace) })
        #expect(counts.reduce(0, +) < places * 3 / 4)
        let more = fill(&shares, [(.v7(), .v7())])[0]
        #expect(more > places / 10)
    }

    @Test("however many workspaces hang, the first message of another one goes", arguments: 1...63)
    func workspaces(hanging: Int) {
        var shares = Shares(places: places)
        _ = fill(&shares, (0..<hanging).map { _ in (.v7(), .v7()) })
        #expect(shares.room(for: .v7(), of: .v7()) > 0)
    }

    @Test("those who want alike get alike")
    func alike() throws {
        var shares = Shares(places: places)
        let counts = fill(&shares, (0..<20).map { _ in (.v7(), .v7()) })
        let (least, most) = try (#require(counts.min()), #require(counts.max()))
        #expect(most - least <= 2, "\(counts)")
    }

    @Test("as many as there is room for may begin at once, and places that are left are had again")
    func room() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let owners = (0..<30).map { number in
            (channel: UUID.v7(), workspace: UUID(high: 1, low: UInt64(number / 3)))
        }
        var shares = Shares(places: places)
        var flights: [Int] = []
        for _ in 0..<2000 {
            if Bool.random(using: &random), !flights.isEmpty {
                let flight = flights.remove(at: Int.random(in: flights.indices, using: &random))
                shares.end(owners[flight].channel, of: owners[flight].workspace)
            } else {
                let place = Int.random(in: owners.indices, using: &random)
                let owner = owners[place]
                for _ in 0..<shares.room(for: owner.channel, of: owner.workspace) {
                    #expect(
                        shares.room(for: owner.channel, of: owner.workspace) > 0,
                        "seed \(seed)"
                    )
                    shares.begin(owner.channel, of: owner.workspace)
                    flights.append(place)
                }
            }
            #expect(flights.count <= places, "seed \(seed)")
        }
        while let flight = flights.popLast() {
            shares.end(owners[flight].channel, of: owners[flight].workspace)
        }
        #expect(fill(&shares, [(.v7(), .v7())])[0] > places / 2, "seed \(seed)")
    }
}
