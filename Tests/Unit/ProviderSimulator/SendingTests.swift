import FunctionContract
import HTTPServer
import Providers
import Testing

@testable import ProviderSimulator

/// The platform's own adapters against the providers as they are played: every request that the
/// one writes is one that the other takes, and every reply is understood.
@Suite struct SendingTests {
    private static let template = TemplateMessage(
        id: "HX00112233445566778899aabbccddeeff",
        name: "promo",
        language: "fr",
        body: [TemplateMessage.Parameter("Ama")],
        buttons: [.quickReply(index: 0, payload: "oui")]
    )

    private static let contents: [OutboundContent] = [
        .text("Bonjour"), .template(template),
        .buttons(ButtonMessage(body: "?", buttons: [.init(id: "1", title: "Oui")])),
        .list(
            ListMessage(
                body: "?",
                button: "Menu",
                sections: [.init(rows: [.init(id: "1", title: "a")])]
            )
        ),
        .media(OutboundMedia(.image, .link("https://example.com/a.jpg"))),
        .reaction(to: "true_22890123456@c.us_3EB0", emoji: "👍"),
    ]

    @Test(arguments: Provider.allCases)
    func takesEveryMessageOfTheAdapter(provider: Provider) throws {
        var stage = try Stage()
        for content in Self.contents {
            let message = OutboundMessage(to: .phone("+22890123456"), content, reference: "c:m1")
            let operation = ProviderOperation.send(message)
            guard provider.capabilities.contains(operation.capability) else { continue }
            let action = try stage.perform(operation, provider)
            let send = try #require(action.send, "\(provider) \(content)")
            #expect(send.recipient == "+22890123456")
            #expect(send.account.id == provider.simulatedAccount)
            if provider.capabilities.contains(.referenceEcho) {
                #expect(send.reference == "c:m1")
            }
            let (sent, reply) = stage.accept(send)
            let outcome = provider.outcome(of: .reply(reply), now: stage.now)
            guard case .accepted(let acceptance) = outcome else {
                Issue.record("\(provider) \(content): \(outcome)")
                continue
            }
            #expect(acceptance.messageID.value == sent.id)
        }
    }

    @Test func buttonsAreKnownForTheAnswersToCome() throws {
        var stage = try Stage()
        let buttons = ButtonMessage(body: "?", buttons: [.init(id: "1", title: "Oui")])
        for provider in [Provider.meta, .waha, .evolution] {
            let message = OutboundMessage(to: .phone("+22890123456"), .buttons(buttons))
            let send = try stage.perform(.send(message), provider).send
            #expect(send?.buttons == [Send.Button(id: "1", title: "Oui")])
        }
        let template = OutboundMessage(to: .phone("+22890123456"), .template(Self.template))
        let send = try stage.perform(.send(template), .meta).send
        #expect(send?.buttons == [Send.Button(id: "oui", title: "oui", isOfTemplate: true)])
        #expect(send?.template == "promo" && send?.language == "fr")
    }

    @Test(arguments: Provider.allCases)
    func refusesWithoutATokenOrWithAnotherOnesToken(provider: Provider) throws {
        let id = provider.simulatedAccount
        var stage = try Stage(
            #"{"accounts": [{"provider": "\#(provider.rawValue)", "id": "\#(id)","token": "x"}]}"#
        )
        let message = OutboundMessage(to: .phone("+22890123456"), .text("Bonjour"))
        let reply = try #require(try stage.perform(.send(message), provider).reply)
        #expect(reply.status == 401)
        guard case .pauseChannel = provider.outcome(of: .reply(reply), now: stage.now) else {
            throw Unexpected()
        }
        let paths: [Provider: String] = [
            .meta: "/v26.0/1/messages", .respondIO: "/v2/contact/id:1/message",
            .wassenger: "/v1/messages", .waha: "/api/sendText", .evolution: "/message/sendText/i",
            .twilio: "/2010-04-01/Accounts/AC1/Messages.json",
        ]
        let call = Call("POST", try #require(paths[provider]), body: Array("{}".utf8))
        #expect(call.playing(in: &stage.world).answer?.status == 401)
    }

    /// What each refusal means to the platform, when it reads the reply.
    @Test(
        arguments: [
            (Provider.meta, Refusal.tooFast(waitMilliseconds: 1), "retry channel 2 x2"),
            (.meta, .tooFastForRecipient(waitMilliseconds: 1), "retry pair 1 x4"),
            (.meta, .missing("to"), "giveUp none"), (.meta, .absent("+1"), "giveUp undeliverable"),
            (.meta, .templateMissing("x"), "pauseTemplate"),
            (.meta, .templateParameters(expected: 1, found: 0), "giveUp none"),
            (.meta, .scripted(ErrorRule(share: 1, code: 131_048)), "pauseChannel"),
            (.meta, .scripted(ErrorRule(share: 1, code: 131_047)), "useTemplate"),
            (
                .meta, .scripted(ErrorRule(share: 1, code: 130_429, retryAfterSeconds: 9)),
                "retry channel 9 x2"
            ),
            (.meta, .full, "retry message 5 x2"),
            (.respondIO, .notFound("Contact"), "giveUp none"),
            (.respondIO, .scripted(ErrorRule(share: 1, status: 449)), "retry message 5 x2"),
            (.wassenger, .absent("+1"), "giveUp undeliverable"),
            (.waha, .scripted(ErrorRule(share: 1, status: 422)), "pauseChannel"),
            (.evolution, .absent("+1"), "giveUp undeliverable"),
            (.evolution, .notFound("x"), "pauseChannel"),
        ] as [(Provider, Refusal, String)]
    )
    func refusesInWordsThatThePlatformUnderstands(
        provider: Provider,
        refusal: Refusal,
        expected: String
    ) {
        let reply = ProviderReply(provider.player.refusal(refusal))
        let outcome = provider.outcome(of: .reply(reply), now: Timestamp(milliseconds: 0))
        #expect(summary(outcome) == expected)
    }

    @Test(arguments: [Provider.respondIO, .wassenger, .waha])
    func asksForPatienceInSeconds(provider: Provider) {
        let answer = provider.player.refusal(.tooFast(waitMilliseconds: 1_001))
        #expect(answer.status == 429)
        #expect(answer.headers["retry-after"] == "2")
    }
}

/// An outcome in a few words, for tables.
func summary(_ outcome: SendOutcome) -> String {
    switch outcome {
    case .accepted(let acceptance): return "accepted \(acceptance.messageID.value)"
    case .retry(let retry):
        let seconds = retry.firstWait.components.seconds
        return "retry \(retry.scope.rawValue) \(seconds) x\(retry.factor)"
    case .pauseChannel: return "pauseChannel"
    case .pauseTemplate: return "pauseTemplate"
    case .useTemplate: return "useTemplate"
    case .giveUp(_, let consequence): return "giveUp \(consequence.rawValue)"
    case .unknown: return "unknown"
    }
}

struct Unexpected: Error {}
