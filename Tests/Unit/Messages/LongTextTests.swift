import Testing

@testable import Messages

/// Texts that are long in the most awkward way are refused or taken apart at once.
@Suite(.timeLimit(.minutes(60))) struct LongTextTests {
    private static let longest = Duration.seconds(10)

    @Test(arguments: [
        "a ", "{{a}}", "{{a}} ", "{{a", "{{", "}}", "{ ", "http://a.b ", "http://a.b/{{a}} ", "://",
        "(http://a.b).,.,", ".", " ", "\u{301}", "é\u{301}", "\r\n", "{{ \u{301}", "a:", "\0",
    ])
    func areTakenApartInTime(_ part: String) {
        let start = ContinuousClock.now
        for length in [4 * MessageText.lengthLimit, 1_000_000] {
            let many = String(repeating: part, count: length / part.unicodeScalars.count)
            for text in [many, "{{" + many, "http://" + many, many + "}}"] {
                let parsed = try? MessageText(text)
                _ = try? parsed?.rendered(value: { _ in "x" })
                _ = parsed?.links
                _ = parsed?.variables
            }
        }
        #expect(ContinuousClock.now - start < Self.longest)
    }

    @Test func aTextThatNobodyCanSendIsRefused() {
        #expect(throws: InvalidText.self) {
            try MessageText(String(repeating: "a", count: 1_000_000))
        }
    }
}
