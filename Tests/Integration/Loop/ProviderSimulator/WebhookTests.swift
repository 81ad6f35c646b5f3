import EventLoop
import FunctionContract
import HTTPServer
import Providers
import Testing

@testable import ProviderSimulator

@Suite(.timeLimit(.minutes(60))) struct WebhookTests {
    private static let sends: [(provider: Provider, path: String, body: String, channel: String)] =
        [
            (
                .meta, "/v26.0/106/messages",
                #"{"messaging_product":"whatsapp","to":"+22890123456","text":{"body":"a"}}"#, "106"
            ),
            (
                .respondIO, "/v2/contact/phone:%2B22890123456/message",
                #"{"channelId":12,"message":{"type":"text","text":"a"}}"#, "12"
            ),
            (
                .wassenger, "/v1/messages", #"{"device":"d","phone":"+22890123456","message":"a"}"#,
                "d"
            ),
            (
                .waha, "/api/sendText", #"{"session":"s","chatId":"22890123456@c.us","text":"a"}"#,
                "s"
            ),
            (.evolution, "/message/sendText/i", #"{"number":"22890123456","text":"a"}"#, "i"),
        ]

    @Test(arguments: sends.indices)
    func comeSignedToTheChannelOfTheAccount(index: Int) throws {
        let (provider, path, body, channel) = Self.sends[index]
        let rig = try Rig(#"{"replies": {"share": 1, "texts": ["Oui"]}}"#)
        let client = try rig.connect()
        client.send(request("POST", path, body))
        #expect((200...201).contains(try client.answer().status))
        // respond.io tells no receipts but that the message was sent.
        let expected = provider == .respondIO ? 2 : 3
        try rig.loop.wait { rig.platform.deliveries.count == expected }
        let secrets = WebhookSecrets(signing: [Scenario.defaultSecret])
        for delivery in rig.platform.deliveries {
            #expect(delivery.path == "/webhooks/\(provider.rawValue)/\(channel)")
            #expect(delivery.provider == provider)
            let now = Timestamp(milliseconds: 1_795_000_000_000)
            try provider.verify(delivery.webhook, secrets: secrets, now: now)
        }
        let kinds = try rig.platform.events().map(\.kind)
        #expect(
            kinds.contains {
                if case .message(let message) = $0 { message.text == "Oui" } else { false }
            }
        )
        try rig.close()
    }

    @Test func goToTheChannelAndAreSignedWithTheSecretOfTheScenario() throws {
        let rig = try Rig(
            #"""
            {"accounts": [{"provider": "meta", "id": "106", "business": "419", "channel": "main",
                           "secret": "app secret", "phone": "+22890000000"}]}
            """#
        )
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        let id = try JSONParser.parse(try client.answer().body).wamid
        try rig.loop.wait { rig.platform.deliveries.count == 2 }
        for delivery in rig.platform.deliveries {
            #expect(delivery.path == "/webhooks/meta/main")
            let secrets = WebhookSecrets(signing: ["app secret"])
            try Provider.meta.verify(
                delivery.webhook,
                secrets: secrets,
                now: .init(milliseconds: 0)
            )
            let event = try #require(try delivery.events().first)
            #expect(event.channel.accountID == "419" && event.channel.phone == "22890000000")
            guard case .status(let update) = event.kind else { throw Unexpected() }
            #expect(update.messageID.value == id && update.reference == "c:m1")
        }
        try rig.close()
    }

    @Test(arguments: [
        (
            #"{"receipts": {"sent": 1, "delivered": 200, "read": 200, "readShare": 1}}"#,
            [DeliveryStatus.sent, .delivered, .read]
        ),
        (
            #"""
            {"receipts": {"sent": 1, "delivered": 200, "read": 200, "readShare": 1},
             "disorder": {"outOfOrderShare": 1}}
            """#, [.read, .delivered, .sent]
        ),
        (
            #"""
            {"receipts": {"sent": 1, "delivered": 400},
             "disorder": {"duplicateShare": 1, "duplicateDelay": 200}}
            """#, [.sent, .sent, .delivered, .delivered]
        ),
        (#"{"receipts": {"failures": [{"share": 1, "code": 131049}]}}"#, [.failed]),
    ])
    func comeInTheOrderOfTheScenario(scenario: String, expected: [DeliveryStatus]) throws {
        let rig = try Rig(scenario)
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        let id = try #require(try JSONParser.parse(try client.answer().body).wamid)
        try rig.loop.wait { rig.platform.deliveries.count == expected.count }
        try rig.loop.observe(milliseconds: 50)
        #expect(try rig.platform.statuses(of: id) == expected)
        try rig.close()
    }

    @Test func aDuplicateIsTheSameToTheByte() throws {
        let rig = try Rig(
            #"{"receipts": {"deliveredShare": 0}, "disorder": {"duplicateShare": 1}}"#
        )
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        try rig.loop.wait { rig.platform.deliveries.count == 2 }
        let keys = Set(rig.platform.deliveries.map(\.webhook.dedupeKey))
        #expect(keys.count == 1)
        try rig.close()
    }

    @Test func aReceiptCanComeBeforeTheReply() throws {
        let rig = try Rig(#"{"latency": 1000, "disorder": {"beforeReplyShare": 1}}"#)
        let client = try rig.connect()
        var receivedBefore: Int?
        rig.platform.onDelivery = { _ in
            receivedBefore = receivedBefore ?? client.received.count
        }
        client.send(metaSend(to: "+22890123456"))
        let id = try #require(try JSONParser.parse(try client.answer().body).wamid)
        #expect(receivedBefore == 0)
        try rig.loop.wait { rig.platform.deliveries.count == 2 }
        #expect(try rig.platform.statuses(of: id) == [.sent, .delivered])
        try rig.close()
    }

    @Test(arguments: [false, true])
    func areRepeatedUntilTheyAreTaken(closesConnections: Bool) throws {
        let rig = try Rig(
            #"{"receipts": {"deliveredShare": 0}, "retries": {"first": 5, "factor": 1}}"#
        )
        rig.platform.statuses = [500, 503, 200]
        rig.platform.closesConnections = closesConnections
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        try rig.loop.wait { rig.simulator.dispatcher?.counters.delivered == 1 }
        #expect(rig.platform.deliveries.count == 3)
        #expect(rig.simulator.dispatcher?.counters.failedTries == 2)
        try rig.close()
    }

    @Test func areGivenUpAfterAsManyTriesAsTheScenarioSays() throws {
        let rig = try Rig(
            #"{"receipts": {"deliveredShare": 0}, "retries": {"first": 1, "attempts": 3}}"#
        )
        rig.platform.statuses = [500]
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        try rig.loop.wait { rig.simulator.dispatcher?.counters.givenUp == 1 }
        #expect(rig.platform.deliveries.count == 3)
        try rig.close()
    }

    @Test func evolutionTakesARefusalForAnAnswer() throws {
        let rig = try Rig(#"{"receipts": {"deliveredShare": 0}, "retries": {"first": 1}}"#)
        rig.platform.statuses = [401]
        let client = try rig.connect()
        client.send(request("POST", "/message/sendText/i", #"{"number":"1","text":"a"}"#))
        try rig.loop.wait { rig.simulator.dispatcher?.counters.givenUp == 1 }
        #expect(rig.platform.deliveries.count == 1)
        try rig.close()
    }

    @Test func areTriedAgainWhereNobodyListens() throws {
        let rig = try Rig(
            #"{"receipts": {"deliveredShare": 0}, "retries": {"first": 1, "attempts": 4}}"#,
            webhooks: WebhookAddress("http://127.0.0.1:1")
        )
        let client = try rig.connect()
        client.send(metaSend(to: "+22890123456"))
        #expect(try client.answer().status == 200)
        try rig.loop.wait { rig.simulator.dispatcher?.counters.givenUp == 1 }
        #expect(rig.simulator.dispatcher?.counters.failedTries == 4)
        try rig.close()
    }

    @Test func manyArriveAtOnceOverFewConnections() throws {
        let rig = try Rig(#"{"retries": {"connections": 3}}"#)
        let client = try rig.connect()
        client.send((0..<300).map { metaSend(to: "+\($0)") }.joined())
        for _ in 0..<300 { _ = try client.answer() }
        try rig.loop.wait { rig.platform.deliveries.count == 600 }
        #expect(rig.platform.server.map { $0.counters.accepted <= 3 } == true)
        let keys = Set(try rig.platform.events().map(\.dedupeKey))
        #expect(keys.count == 600)
        try rig.close()
    }

    @Test func peopleAnswerNoMoreOftenThanTheScenarioSays() throws {
        let rig = try Rig(
            #"{"receipts": {"sent": 1}, "replies": {"share": 1, "limit": 2}}"#
        )
        let client = try rig.connect()
        for place in 0..<5 {
            client.send(metaSend(to: "+22890123456", reference: "c:m\(place)"))
            _ = try client.answer()
        }
        try rig.loop.wait { rig.platform.deliveries.count == 12 }
        try rig.loop.observe(milliseconds: 30)
        #expect(rig.platform.deliveries.count == 12)
        try rig.close()
    }
}

struct Unexpected: Error {}
