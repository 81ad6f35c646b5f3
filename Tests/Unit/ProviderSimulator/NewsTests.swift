import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

/// The webhooks as they are emitted, read by the platform's own parsers.
@Suite struct NewsTests {
    private static let receiving: [Provider] = [.meta, .wassenger, .waha, .evolution]

    @Test(arguments: receiving, [DeliveryStatus.sent, .delivered, .read])
    func tellsHowFarAMessageHasCome(provider: Provider, status: DeliveryStatus) throws {
        let happening = happening(provider, .receipt(message(provider), status, nil))
        let event = try event(provider, happening)
        guard case .status(let update) = event.kind else { throw Unexpected() }
        #expect(update.messageID.value == message(provider).id)
        #expect(update.status == status)
        #expect(event.channel.id == provider.simulatedAccount)
        if provider.capabilities.contains(.referenceEcho) {
            #expect(update.reference == "c:m1")
        }
        #expect(update.recipient.identities.contains { $0.value.hasSuffix("22890123456") })
    }

    @Test(arguments: receiving)
    func tellsWhyAMessageFailed(provider: Provider) throws {
        let failure = ProviderFailure(code: "131026")
        let news = Happening.News.receipt(message(provider), .failed, failure)
        let event = try event(provider, happening(provider, news))
        guard case .status(let update) = event.kind else { throw Unexpected() }
        #expect(update.status == .failed)
        guard provider == .meta else { return }
        let outcome = provider.outcome(of: try #require(update.failure))
        guard case .giveUp(_, .undeliverable) = outcome else { throw Unexpected() }
    }

    @Test func respondIOTellsOnlyThatAMessageWasSent() throws {
        let sent = happening(.respondIO, .receipt(message(.respondIO), .sent, nil))
        guard case .echo(let echo) = try event(.respondIO, sent).kind else { throw Unexpected() }
        #expect(echo.id.value == message(.respondIO).id)
        #expect(echo.recipient[.phone] == "+22890123456")
        for status in [DeliveryStatus.delivered, .read, .failed] {
            let later = happening(.respondIO, .receipt(message(.respondIO), status, nil))
            #expect(SimulatedRespondIO.notice(for: later) == nil)
        }
    }

    @Test(arguments: Provider.allCases)
    func tellsWhatSomeoneWrites(provider: Provider) throws {
        let event = try event(provider, happening(provider, .message(inbound(.text("STOP")))))
        guard case .message(let message) = event.kind else { throw Unexpected() }
        #expect(message.content == .text("STOP"))
        #expect(message.chat.kind == .direct)
        #expect(message.sender.profileName == "Ama")
        #expect(message.sender.identities.contains { $0.value.hasSuffix("22890123456") })
        #expect(message.replyTo == nil)
    }

    @Test(arguments: Provider.allCases, [false, true])
    func tellsWhichButtonWasPressed(provider: Provider, isOfTemplate: Bool) throws {
        let button = Send.Button(id: "oui", title: "Oui !", isOfTemplate: isOfTemplate)
        let happening = happening(provider, .message(inbound(.button(button))))
        guard case .message(let message) = try event(provider, happening).kind,
            case .choice(let choice) = message.content
        else { throw Unexpected() }
        #expect(choice.title == "Oui !")
        #expect(choice.payload == (provider == .respondIO ? nil : "oui"))
        guard provider == .meta else { return }
        #expect(choice.source == (isOfTemplate ? .templateButton : .button))
        #expect(message.replyTo?.messageID?.value == "sent-1")
    }

    @Test(arguments: receiving)
    func tellsReactions(provider: Provider) throws {
        let context = message(provider)
        let inbound = inbound(.reaction("👍"), context: context)
        let event = try event(provider, happening(provider, .message(inbound)))
        guard case .reaction(let reaction) = event.kind else { throw Unexpected() }
        #expect(reaction.emoji == "👍" && !reaction.isOwn)
        #expect([context.id, context.waID].contains(reaction.target.value))
    }

    @Test func tellsTheVerdictAboutATemplate() throws {
        let account = Account(.meta, "419", secret: "s")
        let record = TemplateRecord(
            id: "77",
            account: account,
            name: "promo",
            language: "fr",
            category: "MARKETING",
            components: []
        )
        let news = Happening.News.template(record, event: "REJECTED", reason: "INVALID_FORMAT")
        guard case .template(let update) = try event(.meta, happening(.meta, news)).kind else {
            throw Unexpected()
        }
        #expect(update.name == "promo" && update.language == "fr" && update.id == "77")
        #expect(update.change == .status("REJECTED", reason: "INVALID_FORMAT"))
    }

    @Test(arguments: [
        (Provider.wassenger, "offline", SessionUpdate.State.stopped),
        (.waha, "WORKING", .working), (.waha, "SCAN_QR_CODE", .needsPairing),
        (.evolution, "open", .working), (.evolution, "close", .stopped),
    ])
    func tellsTheStateOfASession(
        provider: Provider,
        word: String,
        state: SessionUpdate.State
    ) throws {
        let event = try event(provider, happening(provider, .session(word)))
        guard case .session(let update) = event.kind else { throw Unexpected() }
        #expect(update.state == state)
    }

    @Test func tellsNewsOfTheAccount() throws {
        let value: JSON = ["event": "FLAGGED", "current_limit": "TIER_2K"]
        let news = Happening.News.account(field: "phone_number_quality_update", value: value)
        guard case .account(let update) = try event(.meta, happening(.meta, news)).kind else {
            throw Unexpected()
        }
        #expect(update.event == "FLAGGED" && update.limit == "TIER_2K")
    }

    @Test(arguments: Provider.allCases)
    func provesWhereAWebhookComesFrom(provider: Provider) throws {
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        let body = Array(#"{"é":1}"#.utf8)
        let secret = Scenario.defaultSecret
        let address = "http://127.0.0.1:8080/webhooks"
        let fields = provider.player.proof(
            of: Notice(try JSONParser.parse(body)),
            at: address,
            secret: secret,
            id: 1,
            now: now
        )
        let headers = HTTPFields(fields.map { ($0.name.lowercased(), $0.value) })
        let delivery = WebhookDelivery(headers: headers, body: body, addresses: [address])
        try provider.verify(delivery, secrets: WebhookSecrets(signing: [secret]), now: now)
        #expect(throws: ProviderError.self) {
            let other = WebhookSecrets(signing: ["another-secret-that-is-long-enough!"])
            try provider.verify(delivery, secrets: other, now: now)
        }
    }

    @Test func evolutionProvesItselfByAHeaderWhereTheSecretIsShort() throws {
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        let fields = SimulatedEvolution.proof(of: [], secret: "short", id: 1, now: now)
        #expect(fields.map(\.name) == ["X-Webhook-Token"])
        let headers = HTTPFields(fields.map { ($0.name.lowercased(), $0.value) })
        let delivery = WebhookDelivery(headers: headers, body: [])
        try Provider.evolution.verify(
            delivery,
            secrets: WebhookSecrets(address: ["short"]),
            now: now
        )
    }

    @Test func evolutionDoesNotRepeatWhatWasRefused() {
        let repeated = [200, 400, 401, 422, 408, 429, 500, 503].filter(SimulatedEvolution.repeats)
        #expect(repeated == [408, 429, 500, 503])
        #expect([200, 204, 302, 401, 500].filter(SimulatedMeta.repeats) == [302, 401, 500])
    }
}

extension NewsTests {
    private func event(_ provider: Provider, _ happening: Happening) throws -> DomainEvent {
        let told = provider.player.notice(for: happening)
        let notice = try #require(told)
        let events = try provider.events(in: notice.body)
        #expect(events.count == 1)
        return try #require(events.first)
    }

    private func happening(_ provider: Provider, _ news: Happening.News) -> Happening {
        Happening(
            account: account(provider),
            id: 4711,
            at: Timestamp(milliseconds: 1_795_000_000_000),
            news: news
        )
    }

    private func account(_ provider: Provider) -> Account {
        Account(provider, provider.simulatedAccount, secret: Scenario.defaultSecret)
    }

    private func message(_ provider: Provider) -> SentMessage {
        let send = Send(account(provider), to: "+22890123456", "text", "hi", reference: "c:m1")
        let ids: [Provider: String] = [
            .waha: "true_22890123456@c.us_3EB0", .respondIO: "1700000000000001",
        ]
        return SentMessage(
            send,
            id: ids[provider] ?? "sent-1",
            waID: "3EB0",
            at: Timestamp(milliseconds: 0)
        )
    }

    private func inbound(_ content: Inbound.Content, context: SentMessage? = nil) -> Inbound {
        Inbound(
            id: "in-1",
            from: "+22890123456",
            name: "Ama",
            content: content,
            context: context ?? message(.meta)
        )
    }
}
