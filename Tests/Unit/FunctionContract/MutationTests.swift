import SeededRandom
import Testing

@testable import FunctionContract

/// Events, replies and manifests that went wrong on the way, or were made to: a function that
/// stopped at one would be gone for everybody.
@Suite(.timeLimit(.minutes(60))) struct MutationTests {
    private static let rounds = 1000

    private static let events = [
        #"{"version":"2.0","rawPath":"/a/b","rawQueryString":"a=1&b=%C3%A9&a=2","cookies":["a=b"],"#
            + #""headers":{"x":"y","content-length":"3"},"requestContext":{"timeEpoch":17,"http":"#
            + #"{"method":"POST","sourceIp":"::1"}},"body":"aGk=","isBase64Encoded":true,"#
            + #""pathParameters":{"a":"b"},"deadlinems":1790000000000}"#,
        #"{"specversion":"1.0","id":"1","source":"/s","type":"relais.schedule.fired","subject":"#
            + #""nightly","time":"2026-03-12T19:03:58.25+01:00","deadlinems":17,"x":[1]}"#,
        #"{"specversion":"1.0","id":"1","source":"/q","type":"relais.queue.ready","#
            + #""data_base64":"eyJxdWV1ZSI6InNlbmQifQ=="}"#,
        #"{"version":"0","id":"7","detail-type":"Scheduled Event","source":"aws.events","#
            + #""time":"2026-03-12T19:00:00Z","resources":["arn:aws:events:x:1:rule/nightly"]}"#,
        #"{"Records":[{"messageId":"1","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:q","#
            + #""body":"{\"queue\":\"send\"}"}]}"#,
    ].map { Array($0.utf8) }

    private static let replies = [
        #"{"statusCode":201,"headers":{"a":"b","n":1},"cookies":["c=d"],"body":"aGk=","#
            + #""isBase64Encoded":true,"wake":["send"]}"#,
        #"{"errorType":"E","errorMessage":"m"}"#, #"{"processed":3,"remaining":-1,"wake":["a"]}"#,
        #"  {"status":"ok"} "#,
    ].map { Array($0.utf8) }

    private static let manifest = Array(
        (#"{"description":"d","triggers":[{"http":{"method":"POST","path":"/a/{b}/{c+}"}},"#
            + #"{"schedule":{"cron":"*/5 1-3 * jan mon","timezone":"Europe/Paris","name":"n"}},"#
            + #"{"queue":{"name":"q"}}],"timeoutSeconds":60,"memoryMegabytes":64,"concurrency":"#
            + #"{"max":4,"prewarmed":1,"queue":9},"environment":["A","B?"],"command":["./m"]}"#)
            .utf8
    )

    @Test func anEventIsReadOrRefusedAndWrittenAsItWasRead() throws {
        try Mutation.rounds(Self.rounds, of: Self.events) { bytes, seed in
            guard let event = try? Event.decode(bytes) else { return }
            let written = event.bytes
            #expect(!written.contains(UInt8(ascii: "\n")), "seed \(seed)")
            let again = try Event.decode(written)
            #expect(
                again.bytes == written,
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self))"
            )
        }
    }

    @Test func aReplyIsReadOrRefused() throws {
        try Mutation.rounds(Self.rounds, of: Self.replies) { bytes, _ in
            _ = try? Reply.decodeHTTP(bytes)
            _ = try? Reply.decodeBatch(bytes)
        }
    }

    @Test func aManifestIsReadOrRefusedInWords() throws {
        try Mutation.rounds(Self.rounds, of: [Self.manifest]) { bytes, seed in
            do throws(ManifestError) {
                _ = try Manifest(bytes, name: "a", file: "function.json")
            } catch {
                #expect("\(error)".hasPrefix("function.json"), "seed \(seed)")
            }
        }
    }

    @Test func smallGrammarsReadOrRefuse() throws {
        let texts = [
            "*/9223372036854775807 1-3 * jan,feb mon", "@daily", "59/9 23 31/9 12 7", "/a/{b}/{c+}",
            "2026-03-12T19:03:58.25+01:00", "9999-12-31T23:59:60-23:59", "eyJhIjoxfQ==",
            "a=1&b=%C3",
            "GET /x/{y}",
        ].map { Array($0.utf8) }
        try Mutation.rounds(Self.rounds, of: texts) { bytes, seed in
            let text = String(decoding: bytes, as: UTF8.self)
            if let cron = try? CronExpression(text) {
                #expect(cron.minutes.allSatisfy { (0...59).contains($0) }, "seed \(seed)")
                _ = cron.fires(on: CivilDate(year: 2026, month: 2, day: 28), hour: 1, minute: 1)
            }
            if let route = try? RoutePattern(method: "GET", path: text) {
                _ = route.match(RoutePattern.split(text))
            }
            // An offset may lead into the year 10000, which has no such form.
            if let moment = Timestamp(rfc3339: text), moment.rfc3339.utf8.count == 24 {
                #expect(Timestamp(rfc3339: moment.rfc3339) == moment, "seed \(seed): \(text)")
            }
            if let decoded = Base64.decode(text) {
                #expect(Base64.decode(Base64.encode(decoded)) == decoded, "seed \(seed)")
            }
            _ = PercentEncoding.decode(text, plusIsSpace: true)
            _ = HTTPEvent.parameters(ofQuery: text)
        }
    }

    @Test func everyMomentCanBeWritten() {
        for milliseconds in [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max] {
            let moment = Timestamp(milliseconds: milliseconds)
            #expect(!moment.rfc3339.isEmpty && !moment.commonLogFormat.isEmpty)
        }
    }
}
