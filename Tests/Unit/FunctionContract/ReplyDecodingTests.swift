import FunctionContract
import Testing

/// The rules by which API Gateway reads a function's answer, and what Relais adds to them.
@Suite struct ReplyDecodingTests {
    @Test func readsAFullReply() throws {
        let reply = try http(
            #"""
            {"statusCode": 201, "headers": {"Content-Type": "text/plain", "X-Count": 3, "X-None": null},
             "cookies": ["a=1; HttpOnly", "b=2"], "body": "créé\n", "isBase64Encoded": false,
             "wake": ["send", "import"], "multiValueHeaders": {"ignored": []}}
            """#
        )
        #expect(
            reply
                == HTTPReply(
                    statusCode: 201,
                    headers: ["content-type": "text/plain", "x-count": "3"],
                    cookies: ["a=1; HttpOnly", "b=2"],
                    body: Array("créé\n".utf8),
                    wake: ["send", "import"]
                )
        )
    }

    @Test func theOrderOfMembersMeansNothing() throws {
        let reply = try http(
            #"{"isBase64Encoded":true,"body":"AP8=","headers":{},"statusCode":200}"#
        )
        #expect(reply.body == [0x00, 0xFF])
    }

    @Test func aStatusIsEnough() throws {
        let expected = HTTPReply(statusCode: 204, headers: ["content-type": "application/json"])
        #expect(try http(#"{"statusCode":204}"#) == expected)
        let nulls =
            #"{"statusCode":204,"headers":null,"cookies":null,"body":null,"isBase64Encoded":null,"wake":null}"#
        #expect(try http(nulls) == expected)
    }

    @Test(arguments: [
        (#"{"hello":"world"}"#, #"{"hello":"world"}"#), ("  {}\n", "{}"), ("[1,2]", "[1,2]"),
        (#""text""#, #""text""#), ("null", "null"), (" true ", "true"), ("-1.5e3", "-1.5e3"),
        ("{\n  \"a\": [ 1 ]\n}\n", "{\n  \"a\": [ 1 ]\n}"),
        (#"{"statuscode":404}"#, #"{"statuscode":404}"#),
        (#"{"body":7,"headers":[],"cookies":{}}"#, #"{"body":7,"headers":[],"cookies":{}}"#),
        (#"{"body":"b","wake":["x"]}"#, #"{"body":"b","wake":["x"]}"#),
        (#"{"nested":{"statusCode":404}}"#, #"{"nested":{"statusCode":404}}"#),
        (#"{"errorType":"a"}"#, #"{"errorType":"a"}"#),
        (#"{"errorMessage":"b"}"#, #"{"errorMessage":"b"}"#),
        (#"{"errorType":1,"errorMessage":"b"}"#, #"{"errorType":1,"errorMessage":"b"}"#),
        (#"[{"statusCode":404}]"#, #"[{"statusCode":404}]"#),
    ])
    func jsonWithoutAStatusIsTheBody(text: String, body: String) throws {
        let expected = HTTPReply(
            headers: ["content-type": "application/json"],
            body: Array(body.utf8)
        )
        #expect(try http(text) == expected)
    }

    @Test func aFailureIsToldApart() throws {
        let failure = FunctionFailure(type: "Timeout", message: "too \"slow\"")
        let text = #"{"errorType":"Timeout","errorMessage":"too \"slow\"","stackTrace":[]}"#
        #expect(try Reply.decodeHTTP(Array(text.utf8)) == .failure(failure))
        #expect(try Reply.decodeBatch(Array(text.utf8)) == .failure(failure))
        let reply = try http(#"{"statusCode":500,"errorType":"a","errorMessage":"b","body":"c"}"#)
        #expect(reply.statusCode == 500)
    }

    @Test(arguments: [("200", 200), ("599", 599), ("\"404\"", 404)])
    func statusesInRange(text: String, status: Int) throws {
        #expect(try http(#"{"statusCode":\#(text)}"#).statusCode == status)
    }

    @Test(arguments: [
        "199", "600", "0", "-200", "100", "1e3", "200.5", "\"\"", "\"abc\"", "\"20\"", "null",
        "true", "[200]", "{}",
        "99999999999999999999",
    ])
    func statusesOutOfRange(text: String) {
        expectError(
            #"{"statusCode":\#(text)}"#,
            "reply.statusCode: expected a number from 200 to 599"
        )
    }

    @Test func theLastOfARepeatedMemberCounts() throws {
        let reply = try http(#"{"statusCode":200,"body":"a","statusCode":404,"body":"b"}"#)
        #expect(reply.statusCode == 404)
        #expect(reply.body == Array("b".utf8))
    }

    @Test(arguments: [
        (#""headers":[]"#, "reply.headers: expected an object of strings, found an array"),
        (#""headers":{"a":["b"]}"#, "reply.headers.a: expected a string, found an array"),
        (#""headers":{"a":"b\r\nset-cookie: c"}"#, "reply.headers.a: \(wrongHeader)"),
        (#""headers":{"a\n":"b"}"#, "reply.headers.a\n: \(wrongHeader)"),
        (#""headers":{"":"b"}"#, "reply.headers.: \(wrongHeader)"),
        (#""headers":{"a b":"c"}"#, "reply.headers.a b: \(wrongHeader)"),
        (#""cookies":"a=b""#, "reply.cookies: expected an array of strings, found a string"),
        (#""cookies":[1]"#, "reply.cookies: expected strings only, found a number"),
        (#""cookies":["a=b\nc: d"]"#, "reply.cookies: expected each cookie on one line"),
        (#""body":{"a":1}"#, "reply.body: expected a string, found an object"),
        (#""body":5"#, "reply.body: expected a string, found a number"),
        (
            #""body":"a","isBase64Encoded":1"#,
            "reply.isBase64Encoded: expected true or false, found a number"
        ),
        (
            #""body":"a","isBase64Encoded":true"#,
            "reply.body: expected base64, because isBase64Encoded is true"
        ),
        (#""wake":"send""#, "reply.wake: expected an array of strings, found a string"),
        (#""wake":[null]"#, "reply.wake: expected strings only, found null"),
    ])
    func namesWhatIsWrong(member: String, message: String) {
        expectError(#"{\#(member),"statusCode":200}"#, message)
        expectError(#"{"statusCode":200,\#(member)}"#, message)
    }

    private static let wrongHeader = "expected a header name and a value on one line"

    @Test(arguments: [
        ("", "JSON, byte 0: expected a JSON value, but the text ends"),
        ("\n", "JSON, byte 1: expected a JSON value, but the text ends"),
        ("hello", "JSON, byte 0: expected a JSON value"),
        (#"{"statusCode":200} trailing"#, "JSON, byte 19: expected the end of the JSON text"),
        (#"{"statusCode":200}{}"#, "JSON, byte 18: expected the end of the JSON text"),
        ("[1] 2", "JSON, byte 4: expected the end of the JSON text"),
        (#"{"statusCode":200"#, "JSON, byte 17: expected a JSON value, but the text ends"),
        (#"{"a":"\x"}"#, "JSON, byte 7: expected a known escape sequence"),
        (#"{"body":"\x"}"#, "JSON, byte 10: expected a known escape sequence"),
    ])
    func refusesWhatIsNotJSON(text: String, message: String) {
        expectError(text, message)
    }

    @Test func refusesABodyThatIsNotUTF8() {
        for prefix in [#"{"body":""#, #"{"body":"\n"#, #"{"other":""#] {
            let text = Array(prefix.utf8) + [0xFF] + Array(#""}"#.utf8)
            #expect(throws: ContractError.self) { try Reply.decodeHTTP(text) }
        }
    }

    @Test(arguments: [
        ("{}", BatchReply()),
        (#"{"processed":3,"remaining":2}"#, BatchReply(processed: 3, remaining: 2)),
        (#"{"processed":1,"wake":["a"],"other":[]}"#, BatchReply(processed: 1, wake: ["a"])),
        (#"{"processed":null,"statusCode":500}"#, BatchReply()),
    ])
    func readsABatchReply(text: String, reply: BatchReply) throws {
        #expect(try Reply.decodeBatch(Array(text.utf8)) == .batch(reply))
    }

    @Test(arguments: [
        ("[]", "reply: expected a JSON object, found an array"),
        ("null", "reply: expected a JSON object, found null"),
        (#"{"processed":"3"}"#, "reply.processed: expected a whole number, found a string"),
        (#"{"remaining":0.5}"#, "reply.remaining: expected a whole number, found a number"),
        (#"{"wake":{}}"#, "reply.wake: expected an array of strings, found an object"),
        (#"{"errorType":1}"#, "reply.errorType: expected a string, found a number"),
    ])
    func namesWhatIsWrongInABatchReply(text: String, message: String) {
        #expect(throws: ContractError(message)) { try Reply.decodeBatch(Array(text.utf8)) }
    }

    @Test func aNameWithEscapesIsTheNameItStandsFor() throws {
        let reply = try http(#"{"status\u0043ode":201,"b\u006Fdy":"b","\"body":"c"}"#)
        #expect(reply.statusCode == 201)
        #expect(reply.body == Array("b".utf8))
    }

    private func http(_ text: String) throws -> HTTPReply {
        guard case .http(let reply) = try Reply.decodeHTTP(Array(text.utf8)) else {
            throw ContractError("expected an HTTP reply")
        }
        return reply
    }

    private func expectError(_ text: String, _ message: String) {
        do throws(ContractError) {
            _ = try Reply.decodeHTTP(Array(text.utf8))
            Issue.record("accepted, expected: \(message)")
        } catch {
            #expect(error.message == message)
        }
    }
}
