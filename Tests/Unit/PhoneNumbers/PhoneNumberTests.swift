import NumberingPlans
import PhoneNumbers
import SeededRandom
import Testing

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        // Benin's plan of 2024 is newer than the library.
        ("+229 01 97 12 34 56", String?.none, "+2290197123456", String?("BJ"), LineType.mobile),
        ("01 97 12 34 56", "BJ", "+2290197123456", "BJ", .mobile),
        ("002290197123456", "FR", "+2290197123456", "BJ", .mobile),
        ("+2290121300000", nil, "+2290121300000", "BJ", .fixed),
        ("+2290142000000", nil, "+2290142000000", "BJ", .mobile),
        ("97 12 34 56", "bj", "+22997123456", "BJ", .mobile),
        ("0707080910", "CI", "+2250707080910", "CI", .mobile),
        ("+225 05-05-08-09-10", nil, "+2250505080910", "CI", .mobile),
        ("+2250101080910", nil, "+2250101080910", "CI", .mobile),
        ("+2252720304050", nil, "+2252720304050", "CI", .fixed),
        ("+5541988887777", nil, "+5541988887777", "BR", .mobile),
        ("+5215512345678", nil, "+525512345678", "MX", .unknown),
        ("011 15-2345-6789", "AR", "+5491123456789", "AR", .mobile),
        ("06.12.34.56.78", "FR", "+33612345678", "FR", .mobile),
        ("tel:+33612345678", nil, "+33612345678", "FR", .mobile),
        ("+44 (0)20 8765 4321", nil, "+442087654321", "GB", .fixed),
        ("0788 123 456", "RW", "+250788123456", "RW", .mobile),
        ("+12025550123", nil, "+12025550123", "US", .unknown),
        ("+39 06 481 0000", nil, "+39064810000", "IT", .fixed),
        ("+800 1234 5678", nil, "+80012345678", nil, .unknown),
        ("＋２２８９０１２３４５６", nil, "+22890123456", "TG", .mobile),
    ])
    func readsWhatPeopleType(
        text: String,
        region: String?,
        e164: String,
        expected: String?,
        line: LineType
    ) throws {
        let number = try PhoneNumber(text, region: region)
        #expect(number.e164 == e164)
        #expect(number.region == expected)
        #expect(number.line == line)
        #expect(try PhoneNumber(number.e164) == number)
    }

    @Test(arguments: [
        ("", String?.none, PhoneNumberError.notANumber), ("abc", "FR", .notANumber),
        ("+", nil, .notANumber),
        ("97123456", nil, .countryMissing), ("97123456", "XX", .countryUnknown),
        ("+999123456789", nil, .countryUnknown), ("12", "FR", .invalid),
        ("+33612345", nil, .invalid), ("+336123456789", nil, .invalid),
        ("+2290397123456", nil, .invalid), ("+2290101020304", nil, .invalid),
        ("+22501", nil, .invalid),
        ("+554188887777", nil, .invalid), ("+22507080910", nil, .invalid),
        ("+33" + String(repeating: "9", count: 40), nil, .tooLong),
        (String(repeating: "1", count: 65), "FR", .tooLong),
        ("US.13491208655302741918", nil, .countryMissing),
        ("\u{0}", "FR", .notANumber), ("+229\u{0}0197123456", nil, .notANumber),
    ])
    func refusesWhatIsNoNumber(text: String, region: String?, expected: PhoneNumberError) {
        #expect(throws: expected) { try PhoneNumber(text, region: region) }
    }

    @Test(arguments: [
        ("+2290197123456", "01 97 12 34 56", "+229 01 97 12 34 56"),
        ("+33612345678", "06 12 34 56 78", "+33 6 12 34 56 78"),
        ("+12025550123", "(202) 555-0123", "+1 202-555-0123"),
        ("+5541988887777", "(41) 98888-7777", "+55 41 98888-7777"),
    ])
    func writesNumbersAsPeopleDo(e164: String, national: String, international: String) throws {
        let number = try PhoneNumber(e164)
        #expect(number.nationalDisplay == national)
        #expect(number.internationalDisplay == international)
    }

    @Test func offersTheOtherFormsOfItself() throws {
        #expect(
            try PhoneNumber("+2290197123456").matchingCandidates == [
                "+2290197123456", "+22997123456",
            ]
        )
        #expect(try PhoneNumber("+33612345678").matchingCandidates == ["+33612345678"])
    }

    /// A full-width plus keeps a text off the short way: both must say the same.
    @Test func agreesWithTheLongWayOfReading() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let codes = [
            1, 7, 20, 27, 33, 34, 39, 44, 49, 52, 54, 55, 61, 81, 86, 91, 212, 221, 225, 228, 229,
            234, 237, 250, 353, 370, 379, 800, 881, 992,
        ]
        for _ in 0..<20_000 {
            let code = codes.randomElement(using: &random) ?? 1
            let count = Int.random(in: 6...11, using: &random)
            let digits = (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }
            let text = "\(code)" + digits.joined()
            #expect(result("+" + text) == result("＋" + text), "seed \(seed): \(text)")
        }
    }

    private func result(_ text: String) -> Result<PhoneNumber, PhoneNumberError> {
        Result { () throws(PhoneNumberError) in try PhoneNumber(text) }
    }
}
