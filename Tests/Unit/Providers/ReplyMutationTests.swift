import FunctionContract
import SeededRandom
import Testing

@testable import Providers

/// What comes back from a provider is outside input as well.
@Suite(.timeLimit(.minutes(60))) struct ReplyMutationTests {
    private static let rounds = 1500
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    private static let replies = [
        #"{"messages":[{"id":"wamid.1","message_status":"accepted"}],"contacts":[{"wa_id":"229","user_id":"BJ.1"}]}"#,
        #"{"error":{"code":131026,"message":"m","error_data":{"details":"d"},"is_transient":true}}"#,
        #"{"messageId":7,"code":449,"message":"m"}"#,
        #"{"id":"0123456789abcdef01234567","waId":"3EB0","status":"queued","deliveryStatus":"sent"}"#,
        #"{"id":"true_229@c.us_3EB0","key":{"remoteJid":"229@s.whatsapp.net","id":"3EB0"},"status":"PENDING"}"#,
        #"{"status":400,"response":{"message":[{"exists":false,"jid":"1@lid"}]},"error":"e"}"#,
        #"{"numberExists":true,"chatId":"229@c.us","exists":true,"wid":"229@c.us","phone":"+229"}"#,
        #"[{"exists":true,"jid":"229@s.whatsapp.net","lid":"77@lid"}]"#,
        #"{"data":[{"message_id":"wamid.1","events":{"data":[{"delivery_status":"READ","timestamp":"1"}]}}]}"#,
        #"{"status":[{"value":"read","timestamp":1790000000000}],"messageId":7,"channelMessageId":"w"}"#,
        #"{"error":"session","status":"STOPPED","expected":["WORKING"]}"#,
    ].map { Array($0.utf8) }

    private static let waits = [
        "", "1", "-1", "9223372036854775807", "99999999999999999999",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0000 00:00:00 GMT", "\u{0}",
    ]

    @Test func everyReplyHasAnOutcomeThatCanBeKept() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<Self.rounds {
            let original = Self.replies[Int.random(in: Self.replies.indices, using: &random)]
            let body = Mutation.of(original, using: &random)
            let status =
                [200, 201, 400, 401, 404, 408, 422, 429, 500, 503, 999, -1]
                .randomElement(using: &random) ?? 200
            let wait = Self.waits.randomElement(using: &random) ?? ""
            let reply = ProviderReply(status: status, headers: ["retry-after": wait], body: body)
            for provider in Provider.allCases {
                let found = problem(with: reply, of: provider)
                let text = String(decoding: body, as: UTF8.self)
                #expect(found == nil, "seed \(seed), \(provider), \(status): \(text)")
            }
        }
    }

    /// What could not be kept of the outcome, or waits for ever.
    private func problem(with reply: ProviderReply, of provider: Provider) -> String? {
        let outcome = provider.outcome(of: .reply(reply), now: now)
        if case .accepted(let acceptance) = outcome {
            let names = acceptance.messageID.all + acceptance.recipient.identities.map(\.value)
            if let name = names.first(where: { !$0.isProviderName }) { return name }
        }
        if case .retry(let retry) = outcome {
            let waits = (1...100).map(retry.wait(failures:))
            if waits.contains(where: { $0 < .zero || $0 > .seconds(24 * 3600) }) { return "wait" }
        }
        if let words = outcome.reason.flatMap(unkept) { return words }
        if case .found(let updates) = provider.lookup(of: .reply(reply), now: now),
            let update = updates.first(where: { !$0.messageID.value.isProviderName })
        {
            return update.messageID.value
        }
        if case .exists(let identities) = provider.numberCheck(of: .reply(reply), now: now),
            let identity = identities.first(where: { !$0.value.isProviderName })
        {
            return identity.value
        }
        return nil
    }

    private func unkept(_ reason: Reason) -> String? {
        [reason.code, reason.detail].compactMap { $0 }.first { text in
            text.unicodeScalars.contains("\0")
                || text.unicodeScalars.count > Reason.detailLimit
        }
    }
}
