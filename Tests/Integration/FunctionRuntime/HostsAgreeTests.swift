import FunctionContract
import Testing

@Suite("Every host gives the same answer to the same request", .ownThread)
struct HostsAgreeTests {
    /// A request as it stands in the table below.
    struct Request: CustomTestStringConvertible {
        let testDescription: String
        let event: HTTPEvent

        init(
            _ method: String,
            _ target: String,
            headers: HTTPFields = HTTPFields(),
            cookies: [String] = [],
            body: [UInt8]? = nil
        ) {
            testDescription = "\(method) \(target) \(headers["content-type"] ?? "")"
            let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
            var event = HTTPEvent()
            event.requestContext.http.method = method
            event.rawPath = parts[0]
            event.requestContext.http.path = parts[0]
            event.rawQueryString = parts.count > 1 ? parts[1] : ""
            event.queryStringParameters = HTTPEvent.parameters(ofQuery: event.rawQueryString)
            event.headers = headers
            event.cookies = cookies
            event.body = body
            self.event = event
        }
    }

    private static let requests = [
        Request("GET", "/"),
        Request("GET", "/a/b?x=1&x=2&y=%20%C3%A9&z"),
        Request("GET", "/a%20b/100%25/%C3%A9"),
        Request("GET", "/", headers: ["x-custom": "v1, v2", "accept": "*/*"]),
        Request("GET", "/", cookies: ["a=1", "b=2=3"]),
        Request("DELETE", "/items/7"),
        Request("HEAD", "/"),
        Request(
            "POST",
            "/",
            headers: ["content-type": "application/json"],
            body: Array(#"{"é": "\u00e9" }"#.utf8)
        ),
        Request(
            "POST",
            "/",
            headers: ["content-type": "text/plain"],
            body: Array("é\r\n\0 end\n".utf8)
        ),
        Request(
            "POST",
            "/",
            headers: ["content-type": "application/x-www-form-urlencoded"],
            body: Array("a=b&c=%20".utf8)
        ),
        Request(
            "PUT",
            "/",
            headers: ["content-type": "application/octet-stream"],
            body: Array(0...255)
        ),
        Request(
            "PATCH",
            "/",
            headers: ["content-type": "image/png"],
            body: Array("looks like text".utf8)
        ),
        Request("POST", "/", body: Array("of no type".utf8)),
    ]

    @Test("The event is the same", arguments: requests)
    func events(_ request: Request) throws {
        let answers = try HostUnderTest.allCases.map { host in
            let answer = try host.answer("echo", request.event)
            return try Self.comparable(try Event.decode(answer.body))
        }
        let expected = try Self.comparable(.http(request.event))
        for (host, answer) in zip(HostUnderTest.allCases, answers) {
            #expect(answer == expected, "\(host)")
        }
    }

    @Test(
        "The answer is the same, as far as the host can carry it",
        arguments: [
            Request("GET", "/cookies"), Request("GET", "/binary"), Request("GET", "/reject"),
            Request("GET", "/fail"), Request("GET", "/print"), Request("GET", "/status?count=201"),
            Request("GET", "/status?count=404"), Request("GET", "/status?count=503"),
            Request("GET", "/large?count=6000000"), Request("GET", "/large?count=6300000"),
        ]
    )
    func answers(_ request: Request) throws {
        let expected = try HostUnderTest.oneShot.answer("test-scenarios", request.event)
        for host in HostUnderTest.allCases {
            let answer = try host.answer("test-scenarios", request.event)
            #expect(answer == (host == .watchdog ? expected.behindWatchdog : expected), "\(host)")
        }
    }

    /// The event without what each host names and times in its own way.
    private static func comparable(_ event: Event) throws -> HTTPEvent {
        guard case .http(var event) = event else { throw ContractError("no HTTP event") }
        event.requestContext.requestId = ""
        event.requestContext.time = Timestamp(milliseconds: 0)
        event.headers.fields.sort { $0.name < $1.name }
        return event
    }
}
