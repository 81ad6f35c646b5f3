import FunctionContract
import Testing

@Suite struct JSONNumberTests {
    @Test(arguments: [
        ("9223372036854775807", JSON.integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775806", .integer(.max - 1)), ("-9223372036854775807", .integer(.min + 1)),
        ("999999999999999999", .integer(999_999_999_999_999_999)),
        ("1000000000000000000", .integer(1_000_000_000_000_000_000)),
    ])
    func integersThatFitStayExact(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
        #expect(value.text == text)
    }

    @Test(arguments: [
        ("9223372036854775808", 9_223_372_036_854_775_808.0),
        ("-9223372036854775809", -9_223_372_036_854_775_809.0),
        ("100000000000000000000000000000000000000", 1e38),
        ("1.7976931348623157e308", .greatestFiniteMagnitude),
        ("5e-324", .leastNonzeroMagnitude), ("2.2250738585072014e-308", .leastNormalMagnitude),
        ("0.1", 0.1), ("3.141592653589793", .pi),
    ])
    func othersAreTheNearestDouble(text: String, value: Double) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == .number(value))
    }

    @Test func whatIsTooSmallIsZero() throws {
        #expect(try JSONParser.parse(Array("1e-400".utf8)) == .number(0))
    }

    @Test func everyCountOfDigitsReads() throws {
        for digits in 1...25 {
            let text = String(repeating: "7", count: digits)
            let value = try JSONParser.parse(Array(text.utf8))
            let expected = Int(text).map { JSON.integer($0) } ?? .number(Double(text) ?? .nan)
            #expect(value == expected)
        }
    }
}
