import SeededRandom
import Testing

@testable import FunctionContract

@Suite struct ByteWordTests {
    @Test func findsEveryByteAtEveryPlaceFromEveryStart() {
        for length in 0...40 {
            for place in 0..<length {
                var text = [UInt8](repeating: 0x61, count: length)
                text[place] = 0x0A
                for start in 0...length {
                    let found = text.span.firstIndex(from: start) { $0.equal(to: 0x0A) }
                    #expect(found == (start <= place ? place : length))
                }
            }
        }
    }

    @Test func comparesEveryPairOfBytes() {
        for byte in UInt8.min ... .max {
            for wanted in UInt8.min ... .max {
                let text = [byte]
                let equal = text.span.firstIndex(from: 0) { $0.equal(to: wanted) } == 0
                if equal != (byte == wanted) {
                    Issue.record("\(byte) equal to \(wanted): \(equal)")
                }
            }
        }
    }

    @Test func comparesEveryByteWithEveryBound() {
        for byte in UInt8.min ... .max {
            let eight = [UInt8](repeating: 0x7F, count: 7) + [byte]
            for bound in UInt8(1)...0x7F {
                let below = eight.span.firstIndex(from: 0) { $0.below(bound) } == 7
                if below != (byte < bound) { Issue.record("\(byte) below \(bound): \(below)") }
            }
            let notASCII = eight.span.firstIndex(from: 0) { $0.notASCII } == 7
            #expect(notASCII == (byte >= 0x80))
        }
    }

    /// A borrow marks bytes above a true match by mistake; the first mark must still be true.
    @Test func theFirstMarkIsTrueAmongRandomBytes() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<20_000 {
            let text = (0..<random.next() % 56).map { _ in
                UInt8(truncatingIfNeeded: random.next()) & 0x8F
            }
            let found = text.span.firstIndex(from: 0) { $0.equal(to: 0x01) | $0.below(0x01) }
            #expect(found == text.firstIndex { $0 <= 0x01 } ?? text.count, "seed \(seed)")
        }
    }
}
