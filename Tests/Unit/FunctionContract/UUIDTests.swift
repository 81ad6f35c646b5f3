import FunctionContract
import SeededRandom
import Testing

struct UUIDTests {
    private static let text = "0192f0c1-2b3d-7e4f-8a5b-6c7d8e9f0a1b"

    @Test func printsWhatItParsed() throws {
        let id = try #require(UUID(Self.text))
        #expect(id.description == Self.text)
        #expect(UUID(Self.text.uppercased()) == id)
        #expect(id.bytes.prefix(6) == [0x01, 0x92, 0xF0, 0xC1, 0x2B, 0x3D])
        #expect(id.bytes.count == 16)
    }

    @Test(arguments: [
        "", "0192f0c1", "0192f0c12b3d7e4f8a5b6c7d8e9f0a1b", text + "0", String(text.dropLast()),
        text.replacing("f", with: "g"), text.replacing("-", with: "_"), "{\(text)}",
        text.replacing("0192f0c1", with: "0192f0é"),
    ])
    func refusesAnythingElse(_ text: String) {
        #expect(UUID(text) == nil)
    }

    @Test func ordersAsItsTextDoes() {
        var random = SeededRandom(seed: 1)
        let ids = (0..<1000).map { _ in UUID(high: random.next(), low: random.next()) }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
        #expect(ids.allSatisfy { UUID($0.description) == $0 })
    }

    @Test func versionSevenCarriesTimeVersionAndVariant() {
        var generator = UUIDGenerator()
        var random = SeededRandom(seed: 2)
        for now in [1, 1_763_607_980_123, (1 << 48) - 1] as [UInt64] {
            let id = generator.next(now: now, random: &random)
            #expect(id.milliseconds == now)
            #expect(id.bytes[6] >> 4 == 7)
            #expect(id.bytes[8] >> 6 == 0b10)
        }
    }

    @Test(arguments: 0..<5)
    func eachIsGreaterThanTheLastWhateverTheClockDoes(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var generator = UUIDGenerator()
        var last = generator.next(now: 1_000_000, random: &random)
        for _ in 0..<10_000 {
            let now = 1_000_000 + random.next() % 50
            let id = generator.next(now: now, random: &random)
            #expect(id > last, "seed \(seed)")
            #expect(id.bytes[6] >> 4 == 7 && id.bytes[8] >> 6 == 0b10, "seed \(seed)")
            last = id
        }
    }

    /// All random bits set: one step more runs over all 74 of them, into the time.
    @Test func borrowsFromTheFutureWhenAMillisecondIsUsedUp() {
        var generator = UUIDGenerator()
        var ones = Ones()
        let first = generator.next(now: 5, random: &ones)
        let second = generator.next(now: 5, random: &ones)
        #expect(first.milliseconds == 5)
        #expect(second.milliseconds == 6)
        #expect(second > first)
        #expect(generator.next(now: 6, random: &ones) > second)
    }

    @Test func thisProcessNeverRepeatsOne() {
        let ids = (0..<10_000).map { _ in UUID.v7() }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
    }

    private struct Ones: RandomNumberGenerator {
        func next() -> UInt64 { .max }
    }
}
