import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

/// Twilio as the simulator plays it, against the platform's own adapter.
@Suite struct TwilioTests {
    private let address = "http://127.0.0.1:8080/webhooks/twilio/c"
    private let secret = "auth-token"

    private func account() -> Account { Account(.twilio, "+14155238886", secret: secret) }

    private func events(_ news: Happening.News) throws -> [DomainEvent] {
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        let happening = Happening(account: account(), id: 1, at: now, news: news)
        let notice = try #require(SimulatedTwilio.notice(for: happening))
        let posting = Posting(notice, of: account())
        posting.headers = SimulatedTwilio.proof(
            of: notice,
            at: "http://127.0.0.1:8080" + posting.path,
            secret: secret,
            id: 1,
            now: now
        )
        let delivery = WebhookDelivery(
            headers: HTTPFields(posting.headers.map { ($0.name.lowercased(), $0.value) }),
            body: notice.body,
            addresses: ["http://127.0.0.1:8080" + posting.path]
        )
        let secrets = WebhookSecrets(signing: [secret])
        try Provider.twilio.verify(delivery, secrets: secrets, now: now)
        return try Provider.twilio.events(in: Provider.twilio.keptBody(of: delivery))
    }

    private func sent() -> SentMessage {
        let send = Send(account(), to: "+22890123456", "text", "hi", reference: "7f3a.2")
        return SentMessage(send, id: "SM1", at: Timestamp(milliseconds: 0))
    }

    @Test func tellsReceiptsWithOurReference() throws {
        for status in [DeliveryStatus.sent, .delivered, .read] {
            guard case .status(let update) = try events(.receipt(sent(), status, nil))[0].kind
            else { throw Unexpected() }
            #expect(update.status == status && update.messageID.value == "SM1")
            #expect(update.reference == "7f3a.2")
        }
    }

    @Test func tellsFailuresInTwiliosCodes() throws {
        let news = Happening.News.receipt(sent(), .failed, ProviderFailure(code: "63024"))
        guard case .status(let update) = try events(news)[0].kind, let failure = update.failure,
            case .giveUp(_, .undeliverable) = Provider.twilio.outcome(of: failure)
        else { throw Unexpected() }
    }

    @Test func tellsAnswersWithWhatTheyAnswer() throws {
        let inbound = Inbound(
            id: "SM2",
            from: "+22890123456",
            name: "Ama",
            content: .button(Send.Button(id: "oui", title: "Oui", isOfTemplate: true)),
            context: sent()
        )
        guard case .message(let message) = try events(.message(inbound))[0].kind else {
            throw Unexpected()
        }
        #expect(message.replyTo?.messageID?.value == "SM1" && message.text == "Oui")
    }

    @Test func refusesInTwiliosWords() throws {
        let refusals: [(Refusal, String)] = [
            (.unauthorized, "pauseChannel"), (.absent("+1"), "giveUp undeliverable"),
            (.tooFast(waitMilliseconds: 1001), "retry channel 2 x2"),
            (.templateMissing("x"), "pauseTemplate"),
            (.templateParameters(expected: 1, found: 0), "giveUp none"),
            (.scripted(ErrorRule(share: 1, code: 63_016)), "useTemplate"),
        ]
        for (refusal, expected) in refusals {
            let reply = ProviderReply(SimulatedTwilio.refusal(refusal))
            let outcome = Provider.twilio.outcome(
                of: .reply(reply),
                now: Timestamp(milliseconds: 0)
            )
            #expect(summary(outcome) == expected, "\(refusal)")
        }
    }
}
