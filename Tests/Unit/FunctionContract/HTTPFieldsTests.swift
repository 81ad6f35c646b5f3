import FunctionContract
import Testing

@Suite struct HTTPFieldsTests {
    @Test func keepsOrderAndRepetitions() {
        var fields: HTTPFields = ["Content-Type": "text/plain", "X-A": "1"]
        fields.add("x-a", "2")
        #expect(fields.fields.map(\.name) == ["content-type", "x-a", "x-a"])
        #expect(fields["x-a"] == "1")
        #expect(fields["x-b"] == nil)
    }

    @Test func settingReplacesEveryOccurrence() {
        var fields = HTTPFields([("x-a", "1"), ("x-b", "2"), ("x-a", "3")])
        fields["x-a"] = "4"
        #expect(fields == HTTPFields([("x-b", "2"), ("x-a", "4")]))
        fields["x-b"] = nil
        #expect(fields == ["x-a": "4"])
        #expect(fields != ["x-a": "5"])
    }

    @Test(arguments: [
        ("content-type", true), ("X-1", true), ("!#$%&'*+-.^_`|~", true), ("", false),
        ("a b", false),
        ("a:", false), ("a\n", false), ("é", false), ("\u{212A}", false), ("a\u{0}", false),
        ("(a)", false),
    ])
    func namesAreTokens(text: String, isName: Bool) {
        #expect(HTTPFields.isName(text) == isName)
    }

    @Test(arguments: [
        ("", true), ("text/html; q=1", true), ("a\tb", true), ("é", true),
        ("a\r\nset-cookie: b", false),
        ("a\n", false), ("\r", false), ("\u{0}", false), ("\u{7F}", false), ("\u{B}", false),
    ])
    func valuesStayOnOneLine(text: String, isValue: Bool) {
        #expect(HTTPFields.isValue(text) == isValue)
    }
}
