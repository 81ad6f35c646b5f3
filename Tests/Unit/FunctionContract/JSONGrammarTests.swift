import FunctionContract
import Testing

/// The grammar of RFC 8259, the corners where parsers are known to disagree included.
@Suite struct JSONGrammarTests {
    static let valid: [(text: String, value: JSON)] = [
        ("null", nil), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("42", 42),
        ("-1", -1), ("0.5", 0.5), ("-0.0", .number(-0.0)), ("1e3", .number(1000)),
        ("1E+2", .number(100)), ("1e-2", .number(0.01)), ("0e1", .number(0)), ("0e+1", .number(0)),
        ("123.456e-7", .number(123.456e-7)), ("1.0", .number(1)),
        ("-9007199254740993", -9_007_199_254_740_993), ("\"\"", ""), ("\"a\"", "a"),
        ("[]", []), ("{}", [:]), ("[[]]", [[]]), ("[{}]", [[:]]), ("[1,2,3]", [1, 2, 3]),
        ("[null, 1, \"1\", {}]", [nil, 1, "1", [:]]), ("{\"\":0}", ["": 0]),
        ("{\"a\":{\"b\":[]}}", ["a": ["b": []]]), ("{\"a\":1,\"a\":2}", ["a": 1, "a": 2]),
        (" \t\r\n[ 1 ,\n2 ]\t ", [1, 2]), ("{ \"a\" : 1 }", ["a": 1]), ("\n\"a\"\n", "a"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\u{0}"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\uD834\uDD1E""#, "\u{1D11E}"),
        (#""\udbff\udfff""#, "\u{10FFFF}"),
        (#""\uFFFF""#, .string(String(decoding: [0xEF, 0xBF, 0xBF], as: UTF8.self))),
        (#""\\u0041""#, "\\u0041"), (#""a\/b""#, "a/b"),
        ("\"é€😀\u{2028}\u{7F}\"", "é€😀\u{2028}\u{7F}"),
        ("\"\u{FEFF}\"", "\u{FEFF}"), (#"["\""]"#, ["\""]), (#"{"\u0061":1}"#, ["a": 1]),
    ]

    @Test(arguments: valid) func reads(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
        try skip(text)
    }

    /// Half of a surrogate pair stands for no character.
    @Test(arguments: [
        (#""\uD800""#, "\u{FFFD}"), (#""\uDC00""#, "\u{FFFD}"), (#""a\uD83Db""#, "a\u{FFFD}b"),
        (#""\uD800\n""#, "\u{FFFD}\n"), (#""\uD83D\u0041""#, "\u{FFFD}A"),
        (#""\uD83D\uD83D\uDE00""#, "\u{FFFD}😀"), (#""\uDE00\uD83D""#, "\u{FFFD}\u{FFFD}"),
    ])
    func replaces(text: String, value: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == .string(value))
        try skip(text)
    }

    static let invalid: [(text: String, problem: String, offset: Int)] = [
        ("", "expected a JSON value, but the text ends", 0),
        (" ", "expected a JSON value, but the text ends", 1),
        ("nul", "expected a JSON value", 0), ("nulL", "expected a JSON value", 0),
        ("True", "expected a JSON value", 0), ("NaN", "expected a JSON value", 0),
        ("Infinity", "expected a JSON value", 0), ("-Infinity", "expected a JSON value", 0),
        ("undefined", "expected a JSON value", 0), ("'a'", "expected a JSON value", 0),
        ("\u{FEFF}1", "expected a JSON value", 0), ("\u{A0}1", "expected a JSON value", 0),
        ("1 2", "expected the end of the JSON text", 2),
        ("{}}", "expected the end of the JSON text", 2),
        ("truefalse", "expected the end of the JSON text", 4),
        ("1\u{C}", "expected the end of the JSON text", 1),
        ("1\u{0}", "expected the end of the JSON text", 1),
        ("+1", "expected a JSON value", 0), (".5", "expected a JSON value", 0),
        ("-", "expected a JSON value", 0), ("- 1", "expected a JSON value", 0),
        ("01", "expected a JSON value", 0), ("-01", "expected a JSON value", 0),
        ("00", "expected a JSON value", 0), ("1.", "expected a digit, but the text ends", 2),
        ("1.e1", "expected a digit", 2), ("1e", "expected a digit, but the text ends", 2),
        ("1e+", "expected a digit, but the text ends", 3), ("1eE2", "expected a digit", 2),
        ("0x10", "expected the end of the JSON text", 1),
        ("1_000", "expected the end of the JSON text", 1),
        ("1e400", "expected a number that fits 64 bits", 0),
        ("[-1e999]", "expected a number that fits 64 bits", 1),
        ("１", "expected a JSON value", 0),
        ("\"", "expected a closing quote, but the text ends", 1),
        ("\"\\", "expected a closing quote, but the text ends", 2),
        ("\"\\\"", "expected a closing quote, but the text ends", 3),
        ("\"a\nb\"", "expected no control character inside a string", 2),
        ("\"\t\"", "expected no control character inside a string", 1),
        ("\"\u{0}\"", "expected no control character inside a string", 1),
        ("\"123456789\u{1F}\"", "expected no control character inside a string", 10),
        (#""\x41""#, "expected a known escape sequence", 2),
        (#""\a""#, "expected a known escape sequence", 2),
        (#""\'""#, "expected a known escape sequence", 2),
        (#""\U0041""#, "expected a known escape sequence", 2),
        ("\"\\\u{0}\"", "expected a known escape sequence", 2),
        ("\"\\é\"", "expected a known escape sequence", 2),
        (#""\u""#, "expected four hexadecimal digits", 3),
        (#""\u12""#, "expected four hexadecimal digits", 3),
        (#""\u12G4""#, "expected four hexadecimal digits", 3),
        (#""\u+123""#, "expected four hexadecimal digits", 3),
        (#""\uD800\u""#, "expected four hexadecimal digits", 9),
        (#""\uD800\u12""#, "expected four hexadecimal digits", 9),
        ("[", "expected a JSON value, but the text ends", 1), ("]", "expected a JSON value", 0),
        ("[1", "expected a JSON value, but the text ends", 2),
        ("[1,", "expected a JSON value, but the text ends", 3),
        ("[1,]", "expected a JSON value", 3), ("[,1]", "expected a JSON value", 1),
        ("[1,,2]", "expected a JSON value", 3),
        ("[1 2]", "expected a comma or the closing bracket", 3),
        ("[1}", "expected a comma or the closing bracket", 2),
        ("[1:2]", "expected a comma or the closing bracket", 2),
        ("[\"a\",\n4\n,1,", "expected a JSON value, but the text ends", 11),
        ("{", "expected a JSON value, but the text ends", 1), ("{a:1}", "expected a string", 1),
        ("{1:1}", "expected a string", 1), ("{'a':1}", "expected a string", 1),
        ("{\"a\"}", "expected ':'", 4), ("{\"a\" 1}", "expected ':'", 5),
        ("{\"a\",1}", "expected ':'", 4),
        ("{\"a\":}", "expected a JSON value", 5),
        ("{\"a\":1", "expected a JSON value, but the text ends", 6),
        ("{\"a\":1,}", "expected a string", 7), ("{,}", "expected a string", 1),
        ("{\"a\":1]", "expected a comma or the closing bracket", 6),
        ("{\"a\":1,,\"b\":2}", "expected a string", 7),
        ("{\"a\":/**/1}", "expected a JSON value", 5),
        ("// note\n1", "expected a JSON value", 0),
        ("1 # one", "expected the end of the JSON text", 2),
    ]

    @Test(arguments: invalid) func refuses(text: String, problem: String, offset: Int) {
        let expected = ContractError(problem, offset: offset)
        #expect(throws: expected) { try JSONParser.parse(Array(text.utf8)) }
        #expect(throws: expected) { try skip(text) }
    }

    /// Overlong forms, surrogates, lone and missing continuation bytes, beyond U+10FFFF.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xC3, 0x5C, 0x6E],
            [0xC3, 0x5C, 0x75, 0x30, 0x30, 0x61, 0x39],
        ] as [[UInt8]]
    )
    func refusesInvalidUTF8(bytes: [UInt8]) {
        for padding in 0...9 {
            let quote = UInt8(ascii: "\"")
            let text = [quote] + [UInt8](repeating: 0x61, count: padding) + bytes + [quote]
            let expected = ContractError("expected a string in valid UTF-8", offset: 1)
            #expect(throws: expected) { try JSONParser.parse(text) }
            #expect(throws: expected) { try skip(text) }
        }
    }

    @Test func nestsToTheLimitAndNoDeeper() throws {
        let limit = JSONParser.depthLimit
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
            let within =
                String(repeating: opening, count: limit - 1) + "[]"
                + String(repeating: closing, count: limit - 1)
            _ = try JSONParser.parse(Array(within.utf8))
            try skip(within)
            let beyond = opening + within + closing
            let expected = ContractError(
                "expected at most \(limit) levels of nesting",
                offset: opening.utf8.count * limit
            )
            #expect(throws: expected) { try JSONParser.parse(Array(beyond.utf8)) }
            #expect(throws: expected) { try skip(beyond) }
        }
        let siblings = "[" + String(repeating: "[],", count: 2 * limit) + "[]]"
        #expect(try JSONParser.parse(Array(siblings.utf8)).array?.count == 2 * limit + 1)
    }

    @Test func manyOpenBracketsAreNoDanger() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: ContractError.self) { try JSONParser.parse(text) }
        #expect(throws: ContractError.self) { try skip(text) }
    }

    private func skip(_ text: String) throws(ContractError) {
        try skip(Array(text.utf8))
    }

    private func skip(_ text: [UInt8]) throws(ContractError) {
        var parser = JSONParser(text)
        try parser.skipValue()
        try parser.expectEnd()
    }
}
