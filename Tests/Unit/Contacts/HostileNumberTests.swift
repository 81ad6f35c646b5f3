import SeededRandom
import Testing

@testable import Contacts

struct HostileNumberTests {
    @Test("any text is a number with its country code, or refused")
    func damaged() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let numbers = [
            "+22997000000", "+2290197000000", "+16505551234", "+33612345678", "+8801712345678",
        ]
        for _ in 0..<2000 {
            let original = numbers.randomElement(using: &random) ?? ""
            guard let number = E164(Mutation.of(original, using: &random)) else { continue }
            #expect(number.text.wholeMatch(of: /\+[1-9][0-9]{6,14}/) != nil, "seed \(seed)")
            #expect(number.text.hasPrefix("+\(number.callingCode)"), "seed \(seed)")
            #expect(E164(number.text) == number, "seed \(seed)")
        }
    }
}
