import FunctionContract
import Testing

@testable import Providers

/// Bodies that are large in the most awkward way. Whoever reads them has a minute, and others wait:
/// the time must grow with the size and not with its square, which for these would be minutes.
@Suite(.timeLimit(.minutes(60))) struct LargeBodyTests {
    private static let count = 5000
    private static let longest = Duration.seconds(10)

    private static let bodies: [(name: String, text: String)] = [
        ("a list of errors", meta(#""errors":[\#(many("{}"))]"#)),
        ("statuses of nobody", meta(#""statuses":[\#(many("{}"))]"#)),
        ("messages and contacts that do not fit", meta(strangers)),
        ("members of one name", "{\(many(#""entry":[{}]"#))}"),
        ("entries", #"{"entry":[\#(many("{}"))]}"#),
        ("a null at the bottom", nested("[\(many("1")),null]")),
        ("one long number", repeated("9", 10)),
        ("one long text", #"{"event":"\#(repeated("é\u{301}", 5))"}"#),
        ("one long id", #"{"event":"message","payload":{"id":"\#(repeated("_@:", 5))"}}"#),
    ]

    private static let strangers = #"""
        "messages":[\#(many(#"{"id":"1","from":"2"}"#))],"contacts":[\#(many(#"{"wa_id":"3"}"#))]
        """#

    @Test(arguments: bodies.indices)
    func areReadInTime(_ place: Int) {
        let (name, text) = Self.bodies[place]
        let body = Array(text.utf8)
        for provider in Provider.allCases {
            let start = ContinuousClock.now
            _ = try? provider.events(in: body)
            #expect(ContinuousClock.now - start < Self.longest, "\(name), \(provider)")
        }
    }

    private static func repeated(_ text: String, _ times: Int) -> String {
        String(repeating: text, count: times * count)
    }

    private static func many(_ element: String) -> String {
        Array(repeating: element, count: count).joined(separator: ",")
    }

    private static func nested(_ inner: String) -> String {
        let depth = JSONParser.depthLimit - 2
        return String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)
    }

    private static func meta(_ value: String, field: String = "messages") -> String {
        #"{"entry":[{"changes":[{"field":"\#(field)","value":{\#(value)}}]}]}"#
    }
}
