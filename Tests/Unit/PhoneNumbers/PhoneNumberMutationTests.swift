import NumberingPlans
import PhoneNumbers
import SeededRandom
import Testing

/// What stands in a column that is called "phone".
struct PhoneNumberMutationTests {
    private static let originals = [
        "+229 01 97 12 34 56", "97000000", "00225 07 07 07 07 07", "+55 41 98888-7777",
        "tel:+33-6-12-34-56-78;ext=9", "(+54) 9 11 1234 5678", "٠٦١٢٣٤٥٦٧٨", "+52 1 55 1234 5678",
    ]

    @Test func anyTextIsANumberWithItsCountryCodeOrNone() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            let original = Self.originals.randomElement(using: &random) ?? ""
            let text = Mutation.of(original, using: &random)
            let region = ["FR", "BJ", nil, "ZZ", "", "\u{0}", "FRANCE"].randomElement(
                using: &random
            )
            guard let number = try? PhoneNumber(text, region: region ?? nil) else { continue }
            let clue: Comment = "seed \(seed): \(text.debugDescription)"
            #expect(number.e164.hasPrefix("+\(number.countryCallingCode)"), clue)
            #expect(number.e164.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }, clue)
            #expect(number.matchingCandidates.contains(number.e164), clue)
            _ = number.nationalDisplay + number.internationalDisplay
        }
    }

    @Test func anyNameHasCandidatesOfWhichItIsTheFirst() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<3000 {
            let code = NumberingPlan.allCases.randomElement(using: &random)?.rawValue ?? 229
            let length = Int.random(in: 0...14, using: &random)
            let digits = (0..<length).map { _ in "\(Int.random(in: 0...9, using: &random))" }
            let name = Mutation.of("\(code)" + digits.joined(), using: &random)
            let candidates = NumberingPlan.candidates(for: name)
            let isFirst = [name, "+" + name].contains(candidates.first ?? "-")
            #expect(isFirst, "seed \(seed): \(name.debugDescription)")
        }
    }
}
