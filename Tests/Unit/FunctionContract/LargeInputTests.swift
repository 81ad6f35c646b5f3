import Testing

@testable import FunctionContract

/// Inputs that are large in the most awkward way: the time to read them must grow with their size
/// and not with its square, which for these would be minutes.
@Suite(.timeLimit(.minutes(60))) struct LargeInputTests {
    private static let count = 10_000
    private static let longest = Duration.seconds(10)

    private static let inputs: [(name: String, text: String)] = [
        ("numbers", repeated("7")),
        ("fractions", "0.\(repeated("7"))e-300"),
        ("exponents", "1e\(repeated("9"))"),
        ("repeated parameters", #"{"rawQueryString":"\#(repeated("a&"))"}"#),
        ("headers", #"{"headers":{\#(many(#""a":"b""#))}}"#),
        ("cookies", #"{"cookies":[\#(many(#""a=b""#))]}"#),
        (
            "attributes",
            #"{"specversion":"1.0","id":"1","source":"s","type":"t",\#(many(#""a":1"#))}"#
        ),
        ("escapes", "\"\(repeated("\\ud83d"))\""),
        ("statuses", "{\(many(#""statusCode":200"#))}"),
        ("wakes", #"{"statusCode":200,"wake":[\#(many(#""a""#))]}"#),
        ("open", repeated("[")),
        ("records", #"{"Records":[\#(many(#"{"eventSource":"aws:sqs"}"#))]}"#),
        ("triggers", #"{"triggers":[\#(many(#"{"queue":{"name":"a"}}"#))]}"#),
    ]

    @Test(arguments: inputs.indices)
    func areReadInTime(_ place: Int) {
        let (name, text) = Self.inputs[place]
        let bytes = Array(text.utf8)
        let start = ContinuousClock.now
        let event = try? Event.decode(bytes)
        _ = event?.bytes
        _ = (try? Reply.decodeHTTP(bytes)).map { "\($0)" }
        _ = try? Reply.decodeBatch(bytes)
        _ = try? Manifest(bytes, name: "f", file: "f")
        #expect(ContinuousClock.now - start < Self.longest, "\(name)")
    }

    private static func repeated(_ text: String) -> String { String(repeating: text, count: count) }

    private static func many(_ element: String) -> String {
        Array(repeating: element, count: count).joined(separator: ",")
    }
}
