import FunctionContract
@testable import Providers
import Testing

@Suite struct MetaOutcomeTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    @Test func acceptsWithTheIDAndWhatMetaCallsTheRecipient() throws {
        let body = #"""
            {"messaging_product":"whatsapp","contacts":[{"input":"+5541988887777",
             "wa_id":"554188887777","user_id":"BR.1"}],
             "messages":[{"id":"wamid.1","message_status":"held_for_quality_assessment"}]}
            """#
        guard case .accepted(let acceptance) = outcome(200, body) else { throw Unexpected() }
        #expect(acceptance.messageID == MessageID("wamid.1"))
        #expect(
            acceptance.recipient.identities == [
                ContactIdentity(.waID, "554188887777"), ContactIdentity(.bsuid, "BR.1"),
            ]
        )
    }

    @Test func acceptsEveryReplyOfTheDocumentation() throws {
        let replies = try Fixture.paths("meta/openapi-messages").filter {
            $0.contains("post.res200")
        }
        #expect(replies.count > 30)
        for path in replies where !path.contains("typing_indicator") {
            let reply = ProviderReply(status: 200, body: try Fixture.bytes(path))
            guard case .accepted = Provider.meta.outcome(of: .reply(reply), now: now) else {
                Issue.record("\(path)")
                continue
            }
        }
    }

    @Test func carriesThePublishedTable() throws {
        let rows = try Fixture.table("meta_error_policy.tsv")
        #expect(rows.count == MetaErrorPolicy.all.count)
        for row in rows {
            let bounds = row[0].split(separator: "-").compactMap { Int($0) }
            let codes = bounds[0]...(bounds.last ?? bounds[0])
            let policy = try #require(MetaErrorPolicy.policy(for: codes.upperBound), "\(row)")
            #expect(policy.codes == codes)
            #expect(policy.subject.rawValue == row[1], "\(row)")
            #expect(policy.action.rawValue == row[2], "\(row)")
        }
    }

    @Test(arguments: MetaErrorPolicy.all.map(\.codes.lowerBound))
    func explainsEveryCodeInBothLanguages(code: Int) throws {
        let outcome = Provider.meta.outcome(of: ProviderFailure(code: String(code), title: "words"))
        let reason = try #require(outcome.reason)
        #expect(reason.code == String(code))
        #expect(reason.detail == "words")
        #expect(reason.french.count > 40 && reason.french.hasSuffix("."))
        #expect(reason.english.count > 40 && reason.english.hasSuffix("."))
        #expect(reason.french != reason.english)
    }

    @Test(arguments: [
        (131026, "giveUp undeliverable"), (131050, "giveUp opted_out"), (132000, "giveUp none"),
        (131047, "useTemplate"), (132015, "pauseTemplate"), (132001, "pauseTemplate"),
        (131048, "pauseChannel"), (190, "pauseChannel"), (250, "pauseChannel"),
        (131042, "pauseChannel"),
        (133010, "pauseChannel"), (130429, "retry channel 2 x2"), (131056, "retry pair 1 x4"),
        (131000, "retry message 5 x2 <3"), (131016, "retry message 5 x2"),
        (131057, "retry channel 5 x2"),
        (80007, "retry channel 60 x2"), (131049, "retry message 86400 x1 <2"),
        (133015, "retry channel 300 x1"), (131053, "giveUp none"),
    ])
    func followsThePolicyOfACode(code: Int, expected: String) {
        let body = #"{"error":{"message":"(#\#(code)) words","code":\#(code),"fbtrace_id":"x"}}"#
        #expect(summary(outcome(400, body)) == expected)
        #expect(summary(Provider.meta.outcome(of: ProviderFailure(code: "\(code)"))) == expected)
    }

    @Test(arguments: [
        ("Media download failed: HTTP 503", true), ("HTTP code 429 from weblink", true),
        ("HTTP 404", false),
    ])
    func retriesMediaOnlyWhenItsServerWasBusy(detail: String, isRetried: Bool) {
        let outcome = Provider.meta.outcome(of: ProviderFailure(code: "131053", detail: detail))
        #expect(summary(outcome).hasPrefix("retry") == isRetried)
    }

    @Test func waitsFourToThePowerOfXSeconds() throws {
        guard case .retry(let retry) = Provider.meta.outcome(of: ProviderFailure(code: "131056"))
        else { throw Unexpected() }
        #expect(
            (1...5).map { retry.wait(failures: $0) } == [1, 4, 16, 64, 256].map { .seconds($0) }
        )
        #expect(retry.wait(failures: 1000) == .seconds(86_400))
    }

    @Test(arguments: [
        ("30", 30), ("0", 2), ("99999999", 86_400), ("Tue, 14 Nov 2023 22:13:30 GMT", 10),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 2), ("soon", 2), ("-5", 2),
    ])
    func honoursRetryAfter(header: String, seconds: Int) throws {
        let reply = ProviderReply(
            status: 429,
            headers: ["retry-after": header],
            body: Array(#"{"error":{"code":130429}}"#.utf8)
        )
        guard case .retry(let retry) = Provider.meta.outcome(of: .reply(reply), now: now) else {
            throw Unexpected()
        }
        #expect(retry.firstWait == .seconds(seconds))
    }

    @Test(arguments: [
        (200, "{}", "unknown"), (200, "", "unknown"), (500, "", "unknown"),
        (502, "<html>", "unknown"),
        (500, #"{"error":{"code":999999,"message":"m"}}"#, "unknown"),
        (
            500, #"{"error":{"code":999999,"message":"m","is_transient":true}}"#,
            "retry message 5 x2 <3"
        ),
        (503, #"{"error":{"code":131016}}"#, "retry message 5 x2"),
        (400, #"{"error":{"code":999999,"message":"m"}}"#, "giveUp none"),
        (400, "<html>", "giveUp none"), (401, "", "pauseChannel"), (429, "", "retry channel 30 x2"),
        (408, "", "unknown"), (302, "", "unknown"),
    ])
    func decidesWithoutAKnownCode(status: Int, body: String, expected: String) {
        #expect(summary(outcome(status, body)) == expected)
    }

    @Test func readsTheErrorsOfTheDocumentation() throws {
        let replies = try Fixture.paths("meta").filter {
            $0.contains("post.res4") || $0.contains("post.res5")
        }
        #expect(replies.count >= 10)
        for path in replies {
            let status = try #require(Int(path.split(separator: "post.res")[1].prefix(3)))
            let reply = ProviderReply(status: status, body: try Fixture.bytes(path))
            let outcome = Provider.meta.outcome(of: .reply(reply), now: now)
            #expect(outcome.reason?.code != nil, "\(path)")
        }
    }

    @Test(arguments: [
        (TransportResult.notSent("connection refused"), "retry channel 5 x2"),
        (.lost("timeout after 30 s"), "unknown"),
    ])
    func tellsNotSentFromLost(result: TransportResult, expected: String) {
        #expect(summary(Provider.meta.outcome(of: result, now: now)) == expected)
    }

    @Test func keepsTheProvidersWordsShort() {
        let failure = ProviderFailure(code: "131000", detail: String(repeating: "x", count: 10_000))
        #expect(Provider.meta.outcome(of: failure).reason?.detail?.count == 500)
    }

    @Test func readsTemplatesMediaAndHistory() throws {
        let page = try #require(
            Meta.templates(in: reply("meta/openapi-templates/get.res200.example_response.json"))
        )
        #expect(page.templates.map(\.name) == ["hello_world", "2023_april_promo"])
        #expect(page.templates.first?.status == "APPROVED")
        #expect(page.next == nil)
        let media = try #require(
            Meta.mediaAddress(in: reply("meta/openapi-media/get.res200.retrieve_media_url.json"))
        )
        #expect(media.byteCount == 303_833)
        #expect(media.kind == .image)
        let created = try #require(
            Meta.createdTemplate(
                in: reply("meta/openapi-templates/post.res200.example_response.json")
            )
        )
        #expect(created.id == "1689556908129832")
        let history =
            #"""
            {"data":[{"id":"1","message_id":"w","events":{"data":[{"delivery_status":"SENT",
             "timestamp":1749416383},{"delivery_status":"READ","timestamp":1749416390}]}}]}
            """#
        let found = ProviderReply(status: 200, body: Array(history.utf8))
        guard case .found(let updates) = Provider.meta.lookup(of: .reply(found), now: now) else {
            throw Unexpected()
        }
        #expect(updates.map(\.status) == [.sent, .read])
        let none = ProviderReply(status: 200, body: Array(#"{"data":[]}"#.utf8))
        #expect(Provider.meta.lookup(of: .reply(none), now: now) == .notFound)
    }

    private func reply(_ path: String) throws -> ProviderReply {
        ProviderReply(status: 200, body: try Fixture.bytes(path))
    }

    private func outcome(_ status: Int, _ body: String) -> SendOutcome {
        Provider.meta.outcome(
            of: .reply(ProviderReply(status: status, body: Array(body.utf8))),
            now: now
        )
    }
}

/// An outcome in a few words, for tables.
func summary(_ outcome: SendOutcome) -> String {
    switch outcome {
    case .accepted(let acceptance): return "accepted \(acceptance.messageID.value)"
    case .retry(let retry):
        let limit = retry.attemptLimit.map { " <\($0)" } ?? ""
        let seconds = retry.firstWait.components.seconds
        return "retry \(retry.scope.rawValue) \(seconds) x\(retry.factor)\(limit)"
    case .pauseChannel: return "pauseChannel"
    case .pauseTemplate: return "pauseTemplate"
    case .useTemplate: return "useTemplate"
    case .giveUp(_, let consequence): return "giveUp \(consequence.rawValue)"
    case .unknown: return "unknown"
    }
}
