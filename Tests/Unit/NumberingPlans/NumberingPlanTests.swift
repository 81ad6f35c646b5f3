import NumberingPlans
import SeededRandom
import Testing

@Suite struct NumberingPlanTests {
    @Test(arguments: [
        // Benin: every old number took 01.
        ("+22997123456", ["+22997123456", "+2290197123456"]),
        ("+2290197123456", ["+2290197123456", "+22997123456"]),
        ("22997123456", ["+22997123456", "+2290197123456"]),
        ("+2290297123456", ["+2290297123456"]),
        // Côte d'Ivoire: the second digit of an old mobile number tells its operator.
        ("+22507080910", ["+22507080910", "+2250707080910"]),
        ("+22504080910", ["+22504080910", "+2250504080910"]),
        ("+22501080910", ["+22501080910", "+2250101080910"]),
        ("+22548080910", ["+22548080910", "+2250748080910"]),
        ("+22565080910", ["+22565080910", "+2250565080910"]),
        ("+22572080910", ["+22572080910", "+2250172080910"]),
        ("+2250707080910", ["+2250707080910", "+22507080910"]),
        ("+2250504080910", ["+2250504080910", "+22504080910"]),
        ("+2250101080910", ["+2250101080910", "+22501080910"]),
        // A new number of Moov is not the old one of Orange that ends alike.
        ("+2250107080910", ["+2250107080910"]),
        // Landlines do not tell their operator.
        ("+22520304050", ["+22520304050", "+2252720304050", "+2252520304050", "+2252120304050"]),
        ("+2252720304050", ["+2252720304050", "+22520304050"]),
        ("+2252120304050", ["+2252120304050", "+22520304050"]),
        // Brazil: the ninth digit.
        ("+554188887777", ["+554188887777", "+5541988887777"]),
        ("+5541988887777", ["+5541988887777", "+554188887777"]),
        ("+554133334444", ["+554133334444"]),
        ("+5541933334444", ["+5541933334444"]),
        // Mexico and Argentina: a mark between country and number.
        ("+5215512345678", ["+5215512345678", "+525512345678"]),
        ("+525512345678", ["+525512345678", "+5215512345678"]),
        ("+5491123456789", ["+5491123456789", "+541123456789"]),
        ("+541123456789", ["+541123456789", "+5491123456789"]),
        // Everywhere else a number has one form.
        ("+22890123456", ["+22890123456"]), ("+33612345678", ["+33612345678"]),
        ("33612345678", ["+33612345678"]), ("+", ["+"]), ("", [""]), ("US.1349", ["US.1349"]),
    ])
    func knowsEveryFormOfANumber(number: String, candidates: [String]) {
        #expect(NumberingPlan.candidates(for: number) == candidates)
    }

    @Test(arguments: [229, 225, 55, 52, 54])
    func findsBackWhatItFound(code: Int) {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<5000 {
            let count = Int.random(in: 7...11, using: &random)
            let digits = (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }
            let number = "+\(code)" + digits.joined()
            for candidate in NumberingPlan.candidates(for: number) {
                let back = NumberingPlan.candidates(for: candidate)
                #expect(back.contains(number), "seed \(seed): \(number), \(candidate), \(back)")
            }
        }
    }
}
