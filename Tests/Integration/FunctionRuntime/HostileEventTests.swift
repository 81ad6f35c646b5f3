import FunctionContract
import Glibc
import Testing

/// Whoever may call a function may write its event. An end of the process would be one for everybody
/// who waits for it.
@Suite("Every function survives every event", .ownThread)
struct HostileEventTests {
    private static let database = Result { try InboundDatabase() }

    private static let numbers = [
        "-9223372036854775808", "-1", "0", "1790000000000", "9223372036854775807",
        "9223372036854775808", "1e300",
    ]

    private static let names = [
        "provider", "channel", "event", "token", "name", "id", "campaign", "message",
    ]

    private static let texts = [
        "\\u0000", "%00", "..", "AAAA", String(repeating: "A", count: 5000),
    ]

    private static let others = [
        cloud(CloudEvent.queueReady, #""data":null"#),
        cloud(CloudEvent.queueReady, #""data":{"queue":7}"#),
        cloud(CloudEvent.scheduleFired, #""time":"0000-01-01T00:00:00Z""#),
        cloud("\\u0000", #""data_base64":"!""#), "null", "[]", "7", "{}", "{", "\u{FEFF}{}",
        String(repeating: "[", count: 100_000),
    ]

    private static var events: [String] {
        var events = others
        for number in numbers {
            let deadline = #""deadlinems":\#(number)"#
            events.append(#"{\#(deadline),"requestContext":{"timeEpoch":\#(number)}}"#)
            events.append(cloud(CloudEvent.queueReady, #""data":{"queue":"x"},"# + deadline))
            events.append(cloud(CloudEvent.scheduleFired, #""subject":"x","# + deadline))
        }
        for text in texts {
            for method in ["GET", "POST", "\\u0000"] { events.append(request(method, text)) }
        }
        return events
    }

    private static func request(_ method: String, _ text: String) -> String {
        let parameters = names.map { #""\#($0)":"\#(text)""# }.joined(separator: ",")
        return #"""
            {"rawPath":"/\#(text)","pathParameters":{\#(parameters)},"body":"\#(text)",\#
            "queryStringParameters":{\#(parameters)},"headers":{"user-agent":"\#(text)"},\#
            "requestContext":{"http":{"method":"\#(method)"}}}
            """#
    }

    @Test(arguments: try functions())
    func survives(_ name: String) throws {
        let process = try ChildProcess.stream(name, try Self.database.get().environment)
        defer { process.end() }
        for event in Self.events {
            let reply = try process.call(event)
            #expect(reply.object != nil, "\(event.prefix(200)): \(reply.text)")
        }
        #expect(process.exit == nil)
    }

    private static func cloud(_ type: String, _ more: String) -> String {
        #"{"specversion":"1.0","id":"1","source":"/","type":"\#(type)",\#(more)}"#
    }

    private static func functions() throws -> [String] {
        guard let folder = unsafe opendir(BuiltProduct.packageRoot + "/functions") else {
            throw SystemCallFailed("opendir")
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
