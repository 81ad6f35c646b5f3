import FunctionContract
import Testing

@Suite struct BaseURLTests {
    @Test(arguments: [
        ("https://a.example", "https://a.example"), ("https://a.example/", "https://a.example"),
        ("https://a.example//", "https://a.example"),
        ("https://a.example/b/", "https://a.example/b"),
        ("", ""), ("/", ""),
    ])
    func hasNoSlashAtItsEnd(text: String, expected: String) {
        #expect(BaseURL(text).text == expected)
        #expect(BaseURL(text).url("/c?d") == expected + "/c?d")
        #expect(BaseURL(text) == BaseURL(expected))
    }
}
