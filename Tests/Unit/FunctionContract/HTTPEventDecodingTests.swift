import FunctionContract
import Testing

@Suite struct HTTPEventDecodingTests {
    /// Every field that AWS documents for payload format 2.0.
    private static let documented = #"""
        {
          "version": "2.0",
          "routeKey": "POST /shops/{shop}",
          "rawPath": "/shops/42",
          "rawQueryString": "page=1&page=2&sort=name",
          "cookies": ["session=abc", "theme=dark"],
          "headers": { "Content-Type": "text/plain", "x-forwarded-for": "198.51.100.1,203.0.113.7" },
          "queryStringParameters": { "page": "1,2", "sort": "name" },
          "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "authentication": {
              "clientCert": {
                "clientCertPem": "CERT_CONTENT",
                "subjectDN": "www.example.com",
                "issuerDN": "Example issuer",
                "serialNumber": "a1:a1",
                "validity": { "notBefore": "May 28 12:30:02 2019 GMT", "notAfter": "Aug  5 09:36:04 2021 GMT" }
              }
            },
            "authorizer": { "jwt": { "claims": { "sub": "ada" }, "scopes": ["read", "write"] } },
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
              "method": "POST",
              "path": "/shops/42",
              "protocol": "HTTP/1.1",
              "sourceIp": "203.0.113.7",
              "userAgent": "agent"
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /shops/{shop}",
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": 1773342238390
          },
          "body": "Hello from a shop",
          "pathParameters": { "shop": "42" },
          "isBase64Encoded": false,
          "stageVariables": { "currency": "EUR" }
        }
        """#

    @Test func readsWhatAWSSends() throws {
        let event = try decode(Self.documented)
        #expect(event.routeKey == "POST /shops/{shop}")
        #expect(event.rawPath == "/shops/42")
        #expect(event.rawQueryString == "page=1&page=2&sort=name")
        #expect(event.cookies == ["session=abc", "theme=dark"])
        #expect(
            event.headers == [
                "content-type": "text/plain", "x-forwarded-for": "198.51.100.1,203.0.113.7",
            ]
        )
        #expect(event.queryStringParameters == ["page": "1,2", "sort": "name"])
        #expect(event.pathParameters == ["shop": "42"])
        #expect(event.stageVariables == ["currency": "EUR"])
        #expect(event.body == Array("Hello from a shop".utf8))
        #expect(event.text == "Hello from a shop")
        #expect(event.deadline == nil)
        #expect(event.method == "POST")
    }

    @Test func readsTheContextThatAWSSends() throws {
        let context = try decode(Self.documented).requestContext
        #expect(context.accountId == "123456789012")
        #expect(context.apiId == "api-id")
        #expect(context.domainName == "id.execute-api.us-east-1.amazonaws.com")
        #expect(context.domainPrefix == "id")
        #expect(context.requestId == "JKJaXmPLvHcESHA=")
        #expect(context.routeKey == "POST /shops/{shop}")
        #expect(context.stage == "$default")
        #expect(context.time.rfc3339 == "2026-03-12T19:03:58.390Z")
        #expect(context.http.method == "POST")
        #expect(context.http.path == "/shops/42")
        #expect(context.http.protocolVersion == "HTTP/1.1")
        #expect(context.http.sourceIp == "203.0.113.7")
        #expect(context.http.userAgent == "agent")
        #expect(context.authorizer?["jwt"]?["scopes"]?[1] == "write")
        #expect(context.authentication?["clientCert"]?["serialNumber"] == "a1:a1")
    }

    /// The same event on one line, spread over many, and in bytes that end in a line feed.
    @Test func whiteSpaceMeansNothing() throws {
        let event = try decode(Self.documented)
        let line = Event.http(event).bytes
        #expect(!line.contains(UInt8(ascii: "\n")))
        #expect(try Event.decode(line) == .http(event))
        #expect(try Event.decode(line + Array("\r\n".utf8)) == .http(event))
        #expect(try decode("\n\n" + Self.documented + "\n") == event)
    }

    @Test func aPathAndAMethodAreEnough() throws {
        let event = try decode(#"{"rawPath":"/a","requestContext":{"http":{"method":"PUT"}}}"#)
        #expect(event.method == "PUT")
        #expect(event.requestContext.http.path == "/a")
        #expect(event.routeKey == "$default")
        #expect(event.body == nil)
        #expect(event.text == nil)
        #expect(try decode("{}") == HTTPEvent())
    }

    @Test func nullIsAbsent() throws {
        let names = [
            "version", "routeKey", "rawPath", "rawQueryString", "cookies", "headers", "body",
            "isBase64Encoded",
            "queryStringParameters", "pathParameters", "stageVariables", "requestContext",
            "deadlinems",
        ]
        let members = names.map { "\"\($0)\":null" }.joined(separator: ",")
        #expect(try decode("{\(members)}") == HTTPEvent())
        #expect(try decode(#"{"pathParameters":{"id":null}}"#).pathParameters.isEmpty)
    }

    @Test(arguments: [
        ("", [:]), ("a=1", ["a": "1"]), ("a=1&b=2", ["a": "1", "b": "2"]),
        ("a=1&a=2&a=", ["a": "1,2,"]),
        ("a", ["a": ""]), ("a=&b", ["a": "", "b": ""]), ("a=b=c", ["a": "b=c"]), ("=1", ["": "1"]),
        ("&&a=1&", ["a": "1"]), ("a%20b=c+d%2B", ["a b": "c d+"]), ("%C3%A9=%E2%82%AC", ["é": "€"]),
        ("a=%", ["a": "%"]),
        ("hub.mode=subscribe&hub.challenge=7", ["hub.mode": "subscribe", "hub.challenge": "7"]),
    ])
    func parametersComeFromTheQueryWhenTheHostGaveNone(
        query: String,
        parameters: [String: String]
    ) throws {
        #expect(HTTPEvent.parameters(ofQuery: query) == parameters)
        let event = try decode(#"{"rawQueryString":"\#(query)"}"#)
        #expect(event.queryStringParameters == parameters)
    }

    @Test func numbersAndBooleansInMapsAreText() throws {
        let event = try decode(#"{"headers":{"X-Count":3,"x-ok":true,"x-half":0.5,"x-none":null}}"#)
        #expect(event.headers == ["x-count": "3", "x-ok": "true", "x-half": "0.5"])
    }

    @Test func theDeadlineIsAMoment() throws {
        #expect(
            try decode(#"{"deadlinems":1773342238390}"#).deadline?.milliseconds == 1_773_342_238_390
        )
    }

    @Test(arguments: [
        (#"{"version":"1.0"}"#, #"event.version: expected "2.0", found "1.0""#),
        (#"{"version":2}"#, "event.version: expected a string, found a number"),
        (#"{"routeKey":1}"#, "event.routeKey: expected a string, found a number"),
        (#"{"rawPath":[]}"#, "event.rawPath: expected a string, found an array"),
        (#"{"rawQueryString":{}}"#, "event.rawQueryString: expected a string, found an object"),
        (#"{"headers":"a"}"#, "event.headers: expected an object of strings, found a string"),
        (#"{"headers":{"a":["b"]}}"#, "event.headers.a: expected a string, found an array"),
        (#"{"cookies":"a=b"}"#, "event.cookies: expected an array of strings, found a string"),
        (#"{"cookies":["a",1]}"#, "event.cookies: expected strings only, found a number"),
        (
            #"{"queryStringParameters":[]}"#,
            "event.queryStringParameters: expected an object of strings, found an array"
        ),
        (
            #"{"pathParameters":{"id":{}}}"#,
            "event.pathParameters.id: expected a string, found an object"
        ),
        (
            #"{"stageVariables":true}"#,
            "event.stageVariables: expected an object of strings, found a boolean"
        ),
        (#"{"requestContext":"a"}"#, "event.requestContext: expected an object, found a string"),
        (
            #"{"requestContext":{"http":1}}"#,
            "event.requestContext.http: expected an object, found a number"
        ),
        (
            #"{"requestContext":{"http":{"method":1}}}"#,
            "event.requestContext.http.method: expected a string, found a number"
        ),
        (
            #"{"requestContext":{"requestId":7}}"#,
            "event.requestContext.requestId: expected a string, found a number"
        ),
        (
            #"{"requestContext":{"timeEpoch":"now"}}"#,
            "event.requestContext.timeEpoch: expected a whole number, found a string"
        ),
        (
            #"{"requestContext":{"timeEpoch":0.5}}"#,
            "event.requestContext.timeEpoch: expected a whole number, found a number"
        ),
        (#"{"body":{}}"#, "event.body: expected a string, found an object"),
        (
            #"{"body":"a","isBase64Encoded":"yes"}"#,
            "event.isBase64Encoded: expected true or false, found a string"
        ),
        (
            #"{"body":"a","isBase64Encoded":true}"#,
            "event.body: expected base64, because isBase64Encoded is true"
        ),
        (#"{"deadlinems":"soon"}"#, "event.deadlinems: expected a whole number, found a string"),
        ("[]", "event: expected a JSON object, found an array"),
        ("7", "event: expected a JSON object, found a number"),
        ("", "JSON, byte 0: expected a JSON value, but the text ends"),
        ("{} {}", "JSON, byte 3: expected the end of the JSON text"),
    ])
    func namesWhatIsWrong(text: String, message: String) {
        do throws(ContractError) {
            _ = try Event.decode(Array(text.utf8))
            Issue.record("accepted, expected: \(message)")
        } catch {
            #expect(error.message == message)
        }
    }

    @Test func theBodyIsReadAsJSONOnRequest() throws {
        var event = HTTPEvent()
        #expect(throws: ContractError("expected a JSON body, the request has none")) {
            try event.json()
        }
        event.body = Array(#"{"a":1}"#.utf8)
        #expect(try event.json() == ["a": 1])
        event.body = [0xFF]
        #expect(event.text == nil)
        #expect(throws: ContractError("expected a JSON value", offset: 0)) { try event.json() }
    }

    private func decode(_ text: String) throws -> HTTPEvent {
        guard case .http(let event) = try Event.decode(Array(text.utf8)) else {
            throw ContractError("expected an HTTP event")
        }
        return event
    }
}
