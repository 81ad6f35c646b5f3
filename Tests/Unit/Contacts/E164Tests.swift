import SeededRandom
import Testing

@testable import Contacts

struct E164Tests {
    @Test(
        "numbers with an assigned country code are accepted",
        arguments: [
            ("+33612345678", 33), ("+2290197000000", 229), ("+22997000000", 229),
            ("+16505551234", 1), ("+79261234567", 7),
            ("+225 07".filter { $0 != " " } + "07070707", 225),
            ("+8801712345678", 880), ("+290123456", 290), ("+3531234567", 353),
        ]
    )
    func accepts(text: String, code: Int) throws {
        let number = try #require(E164(text))
        #expect(number.text == text)
        #expect(number.callingCode == code)
    }

    @Test(
        "other text is refused",
        arguments: [
            "", "+", "33612345678", "0612345678", "+0612345678", "+33 6 12 34 56 78",
            "+3361234a678",
            "+331234", "+3361234567890123", "+2101234567", "+9991234567", "US.13491208655302741918",
            "+٣٣٦١٢٣٤٥٦٧٨", "++33612345678",
        ]
    )
    func refuses(text: String) {
        #expect(E164(text) == nil)
    }

    @Test("an accepted number is a plus and 7 to 15 digits, and begins with one country code")
    func property() {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...18, using: &random)
            let digits = (0..<length).map { _ in
                Character(String(Int.random(in: 0...9, using: &random)))
            }
            let text = (Bool.random(using: &random) ? "+" : "") + String(digits)
            guard let number = E164(text) else { continue }
            #expect(number.text.hasPrefix("+\(number.callingCode)"), "seed \(seed)")
            #expect((8...16).contains(text.utf8.count), "seed \(seed)")
        }
    }

    @Test("no country code is a prefix of another")
    func codesArePrefixFree() {
        for number in 1...999 {
            let digits = String(number).compactMap(\.wholeNumberValue)
            guard let code = CallingCode(prefixing: digits), code.number != number else { continue }
            // A shorter code was found first: it must be where the number begins.
            #expect(String(number).hasPrefix(String(code.number)))
        }
    }
}
