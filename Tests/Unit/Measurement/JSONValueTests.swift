import Measurement
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        (JSONValue.number(3), "3"),
        (.number(0.3), "0.3"),
        (.number(1.23456), "1.235"),
        (.number(195_422.9), "195422.9"),
        (.number(-0.5), "-0.5"),
        (.boolean(true), "true"),
        (.string("a\"b\\c\nd\u{1}é"), #""a\"b\\c\nd\u0001é""#),
        (.array([]), "[]"),
        (
            .object([.init("b", .number(1)), .init("a", .array([.string("x")]))]),
            #"{"b":1,"a":["x"]}"#
        ),
    ])
    func isWrittenOnOneLine(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test(arguments: [
        ("port", 8080.0), ("rate", -1.5), ("last", 7.0),
    ])
    func findsANumberByItsKey(key: String, expected: Double) {
        let line = #"{"event":"port","port":8080,"rate":-1.5,"last":7}"#
        #expect(number(key, in: line) == expected)
    }

    @Test func findsNoNumberUnderAMissingKeyOrAWord() {
        #expect(number("absent", in: #"{"port":1}"#) == nil)
        #expect(number("event", in: #"{"event":"listening"}"#) == nil)
        #expect(number("port", in: "") == nil)
    }
}
