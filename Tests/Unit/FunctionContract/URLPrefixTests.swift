import FunctionContract
import Testing

@Suite struct URLPrefixTests {
    @Test(arguments: [
        ("https://a.example", "https://a.example"), ("https://a.example/", "https://a.example"),
        ("https://a.example//", "https://a.example"),
        ("https://a.example/b/", "https://a.example/b"),
        ("", ""), ("/", ""),
    ])
    func hasNoSlashAtItsEnd(text: String, expected: String) {
        #expect(URLPrefix(text).text == expected)
        #expect(URLPrefix(text).url("/c?d") == expected + "/c?d")
        #expect(URLPrefix(text) == URLPrefix(expected))
    }
}
