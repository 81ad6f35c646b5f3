import FunctionContract
import Testing

@Suite struct HTTPEventEncodingTests {
    @Test func sendsEveryFieldThatAWSAlwaysSends() throws {
        var event = HTTPEvent()
        event.routeKey = "GET /a/{id}"
        event.rawPath = "/a/7"
        event.requestContext.routeKey = event.routeKey
        event.requestContext.requestId = "r-1"
        event.requestContext.time = Timestamp(milliseconds: 1_773_342_238_390)
        event.requestContext.http.path = "/a/7"
        event.requestContext.http.userAgent = "curl"
        #expect(
            try json(event) == [
                "version": "2.0",
                "routeKey": "GET /a/{id}",
                "rawPath": "/a/7",
                "rawQueryString": "",
                "headers": [:],
                "requestContext": [
                    "accountId": "relais",
                    "apiId": "local",
                    "domainName": "localhost",
                    "domainPrefix": "localhost",
                    "http": [
                        "method": "GET", "path": "/a/7", "protocol": "HTTP/1.1",
                        "sourceIp": "127.0.0.1",
                        "userAgent": "curl",
                    ],
                    "requestId": "r-1",
                    "routeKey": "GET /a/{id}",
                    "stage": "$default",
                    "time": "12/Mar/2026:19:03:58 +0000",
                    "timeEpoch": 1_773_342_238_390,
                ],
                "isBase64Encoded": false,
            ]
        )
    }

    @Test func sendsTheRestWhenThereIsAny() throws {
        var event = HTTPEvent()
        event.cookies = ["a=1", "b=\"2\""]
        event.queryStringParameters = ["q": "é", "page": "1,2"]
        event.pathParameters = ["id": "7"]
        event.stageVariables = ["stage": "test"]
        event.body = Array("text".utf8)
        event.deadline = Timestamp(milliseconds: -5)
        event.requestContext.authorizer = ["jwt": ["claims": ["sub": "ada"]]]
        event.requestContext.authentication = ["clientCert": nil]
        let json = try json(event)
        #expect(json["cookies"] == ["a=1", "b=\"2\""])
        #expect(json["queryStringParameters"] == ["page": "1,2", "q": "é"])
        #expect(json["pathParameters"] == ["id": "7"])
        #expect(json["stageVariables"] == ["stage": "test"])
        #expect(json["body"] == "text")
        #expect(json["deadlinems"] == -5)
        #expect(json["requestContext"]?["authorizer"]?["jwt"]?["claims"]?["sub"] == "ada")
        #expect(json["requestContext"]?["authentication"]?["clientCert"] == .null)
        #expect(try Event.decode(Event.http(event).bytes) == .http(event))
    }

    @Test func repeatedHeadersAreOneMember() throws {
        var event = HTTPEvent()
        event.headers = HTTPFields([
            ("x-b", "1"), ("accept", "a"), ("x-b", "2"), ("via", ""), ("accept", "b"),
            ("x-b", "3,4"),
        ])
        let headers = try json(event)["headers"]
        #expect(headers == ["x-b": "1,2,3,4", "accept": "a,b", "via": ""])
    }

    @Test func everyBodyArrivesByteForByte() throws {
        let bodies = Self.bodies + (UInt8.min ... .max).map { [$0] } + [Array(UInt8.min ... .max)]
        for body in bodies {
            var event = HTTPEvent()
            event.body = body
            guard case .http(let received) = try Event.decode(Event.http(event).bytes) else {
                Issue.record("expected an HTTP event")
                return
            }
            #expect(received.body == body)
        }
    }

    /// Text stays readable for every function; only what is not text is in base64.
    @Test func onlyWhatIsNotTextIsInBase64() throws {
        for body in Self.bodies {
            var event = HTTPEvent()
            event.body = body
            let json = try json(event)
            let text = String(validating: body, as: UTF8.self)
            #expect(json["isBase64Encoded"]?.bool == (text == nil))
            #expect(json["body"]?.string == text ?? Base64.encode(body))
        }
    }

    private static let bodies: [[UInt8]] =
        [
            "", " ", "\u{0}", "a\u{0}b", "\u{FEFF}{\"a\":1}", "\"", "\\", #"\u0041"#, "\r\n\r\n",
            "é€😀", "e\u{301}",
            #"{"quoted":"\"text\""}"#, "\u{7F}\u{80}\u{2028}",
            String(repeating: "0123456é\"", count: 100),
        ].map { Array($0.utf8) } + [
            [0xFF], [0xC3], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xEF, 0xBB],
            [0x61, 0xFF, 0x62],
            [UInt8](repeating: 0x80, count: 1000),
        ]

    private func json(_ event: HTTPEvent) throws -> JSON {
        try JSONParser.parse(Event.http(event).bytes)
    }
}
