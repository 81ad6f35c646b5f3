import FunctionContract
import Testing

@Suite struct ReplyEncodingTests {
    @Test(arguments: [
        (
            Reply.http(HTTPReply(statusCode: 204)),
            #"{"statusCode":204,"headers":{},"body":"","isBase64Encoded":false}"#
        ),
        (
            .http(HTTPReply(headers: ["A": "b"], cookies: ["c=d"], body: [0xFF], wake: ["q"])),
            #"{"statusCode":200,"headers":{"a":"b"},"cookies":["c=d"],"body":"/w==","#
                + #""isBase64Encoded":true,"wake":["q"]}"#
        ),
        (.batch(BatchReply(processed: 2, remaining: 1)), #"{"processed":2,"remaining":1}"#),
        (.batch(BatchReply(wake: ["a", "b"])), #"{"processed":0,"remaining":0,"wake":["a","b"]}"#),
        (
            .failure(FunctionFailure(type: "T", message: "a \"b\"")),
            #"{"errorType":"T","errorMessage":"a \"b\""}"#
        ),
    ])
    func writes(reply: Reply, text: String) {
        #expect(String(decoding: reply.bytes, as: UTF8.self) == text)
    }

    @Test func everyBodyIsReadBackTheSame() throws {
        let texts = ["", "text", "\u{FEFF}é\u{0}\"\\\n", String(repeating: "ab\"", count: 1000)]
        let bodies = texts.map { Array($0.utf8) } + (UInt8.min ... .max).map { [$0] }
        for body in bodies {
            let reply = Reply.http(
                HTTPReply(headers: ["content-type": "a/b"], body: body, wake: ["q"])
            )
            #expect(try Reply.decodeHTTP(reply.bytes) == reply)
        }
    }

    @Test func batchesAndFailuresAreReadBackTheSame() throws {
        let batch = Reply.batch(BatchReply(processed: 5, remaining: 7, wake: ["a"]))
        #expect(try Reply.decodeBatch(batch.bytes) == batch)
        let failure = Reply.failure(FunctionFailure(type: "a", message: "b"))
        #expect(try Reply.decodeBatch(failure.bytes) == failure)
        #expect(try Reply.decodeHTTP(failure.bytes) == failure)
    }

    @Test func theUsualRepliesHaveTheirType() throws {
        let json = HTTPReply.json(["a": 1], status: 201)
        #expect(json.statusCode == 201)
        #expect(json.headers["content-type"] == "application/json")
        #expect(json.body == Array(#"{"a":1}"#.utf8))
        let text = HTTPReply.text("é")
        #expect(text.statusCode == 200)
        #expect(text.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(text.body == Array("é".utf8))
        let error = HTTPReply.error(404, "not_found", "no such thing")
        #expect(error.statusCode == 404)
        #expect(
            error.body == Array(#"{"error":{"code":"not_found","message":"no such thing"}}"#.utf8)
        )
    }
}
