import FunctionContract
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("abc", "abc"), ("a%20b", "a b"), ("%41%5a%5A", "AZZ"), ("a+b", "a+b"),
        ("%C3%A9", "é"), ("%F0%9F%98%80", "😀"), ("%", "%"), ("%4", "%4"), ("%4g", "%4g"),
        ("%g4", "%g4"), ("100%", "100%"), ("%%41", "%A"), ("%2541", "%41"), ("%00", "\u{0}"),
        ("%FF", "\u{FFFD}"), ("%C3x", "\u{FFFD}x"), ("é%C3%A9", "éé"), ("%2F", "/"),
    ])
    func decodes(encoded: String, text: String) {
        #expect(PercentEncoding.decode(encoded) == text)
    }

    @Test(arguments: [("a+b", "a b"), ("+", " "), ("%2B+", "+ "), ("a%20b", "a b")])
    func plusIsASpaceInForms(encoded: String, text: String) {
        #expect(PercentEncoding.decode(encoded, plusIsSpace: true) == text)
    }

    @Test(arguments: [
        ("", ""), ("AZaz09-._~", "AZaz09-._~"), (" ", "%20"), ("é", "%C3%A9"),
        ("+&=/?#%", "%2B%26%3D%2F%3F%23%25"),
        ("\u{0}\n", "%00%0A"),
    ])
    func encodes(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }

    @Test func everyCharacterReadsBack() {
        for value in UInt32(0)..<0x3000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))b"
            let decoded = PercentEncoding.decode(PercentEncoding.encode(text))
            if !decoded.utf8.elementsEqual(text.utf8) { Issue.record("U+\(value)") }
        }
    }

    @Test(
        arguments: [
            ("/a/b", "/a/b"), ("/a b/é", "/a%20b/%C3%A9"), ("/100%", "/100%25"), ("/%41", "/%2541"),
            ("/a?b#c", "/a%3Fb%23c"), ("/~x/(1)/a:b@c;d=e,f", "/~x/(1)/a:b@c;d=e,f"), ("", ""),
        ]
    )
    func aPathIsEscapedWhereItMustBe(_ decoded: String, _ path: String) {
        #expect(PercentEncoding.encode(path: decoded) == path)
        #expect(PercentEncoding.decode(path) == decoded)
    }
}
