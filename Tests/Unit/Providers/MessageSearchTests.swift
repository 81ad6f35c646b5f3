import FunctionContract
import Testing

@testable import Providers

/// A message whose answer was lost is found again at its provider, or it is not.
@Suite struct MessageSearchTests {
    private static let began = Timestamp(milliseconds: 1_790_000_000_000)

    private let channel = ChannelAccess(baseURL: "http://h", token: "t", channelID: "7")
    private let search = MessageSearch(
        OutboundMessage(to: .phone("+22890123456"), .text("Bonjour Ana"), reference: "m.2"),
        since: Self.began
    )

    @Test(arguments: [
        (Provider.wassenger, "GET http://h/messages?device=7&reference=m.2&size=20"),
        (.respondIO, "GET http://h/contact/phone%3A%2B22890123456/message/list?limit=50"),
        (
            .waha,
            """
            GET http://h/api/7/chats/22890123456%40c.us/messages?limit=50&downloadMedia=false\
            &filter.timestamp.gte=1790000000&filter.fromMe=true
            """
        ),
        (.evolution, "POST http://h/chat/findMessages/7"),
    ])
    func asks(provider: Provider, expected: String) throws {
        let request = try provider.request(for: .searchMessage(search), through: channel)
        #expect(request.description == expected)
    }

    @Test func asksEvolutionForOneChat() throws {
        let request = try Provider.evolution.request(for: .searchMessage(search), through: channel)
        let expected: JSON = [
            "offset": 50, "page": 1,
            "where": ["key": ["fromMe": true, "remoteJid": "22890123456@s.whatsapp.net"]],
        ]
        #expect(try request.json == expected.sorted)
    }

    @Test(arguments: [
        (
            Provider.wassenger,
            #"[{"id":"a1","waId":"3EB0","reference":"m.2","deliveryStatus":"delivered"}]"#,
            ["a1", "3EB0"], DeliveryStatus.delivered
        ),
        (
            .wassenger, #"[{"id":"a1","reference":"m.2","status":"queued"}]"#, ["a1"], .accepted
        ),
        (
            .waha,
            #"""
            [{"id":"true_1@c.us_3E","fromMe":true,"timestamp":1790000001,"ack":2,
            "body":"Bonjour Ana"}]
            """#,
            ["true_1@c.us_3E", "3E"], .delivered
        ),
        (
            .evolution,
            #"""
            {"messages":{"records":[{"id":"row","key":{"id":"3E","fromMe":true},
            "message":{"conversation":"Bonjour Ana"},"messageTimestamp":1790000001,
            "MessageUpdate":[{"status":"SERVER_ACK"},{"status":"READ"}]}]}}
            """#,
            ["3E"], .read
        ),
        (
            .respondIO,
            #"""
            {"items":[{"messageId":9,"traffic":"outgoing","message":{"type":"text",
            "text":"Bonjour Ana"},"status":[{"value":"pending","timestamp":1790000001000},
            {"value":"sent","timestamp":1790000002000}]}]}
            """#,
            ["9"], .sent
        ),
    ])
    func finds(provider: Provider, body: String, ids: [String], status: DeliveryStatus) throws {
        guard case .found(let updates) = search.lookup(provider, 200, body) else {
            throw Unexpected()
        }
        #expect(updates.map(\.messageID.all) == [ids])
        #expect(updates.map(\.status) == [status])
    }

    /// Another's message, an older one, one of the person's, another text, another reference.
    @Test(arguments: [
        (Provider.wassenger, #"[{"id":"a1","reference":"m.1"},{"id":"a2"}]"#), (.wassenger, "[]"),
        (
            .waha,
            #"""
            [{"id":"a","fromMe":true,"timestamp":1789999999,"body":"Bonjour Ana"},
            {"id":"b","fromMe":false,"timestamp":1790000001,"body":"Bonjour Ana"},
            {"id":"c","fromMe":true,"timestamp":1790000001,"body":"Bonjour"},
            {"id":"d","fromMe":true,"body":"Bonjour Ana"}]
            """#
        ),
        (
            .evolution,
            #"""
            {"messages":{"records":[{"key":{"id":"3E","fromMe":true},"messageTimestamp":
            1790000001,"message":{"conversation":"Bonjour"}}]}}
            """#
        ),
        (
            .respondIO,
            #"""
            {"items":[{"messageId":9,"traffic":"outgoing","message":{"type":"text",
            "text":"Bonjour Ana"}},{"messageId":8,"traffic":"incoming","message":
            {"type":"text","text":"Bonjour Ana"},"status":[{"timestamp":1790000001000}]}]}
            """#
        ),
    ])
    func takesNoOtherForIt(provider: Provider, body: String) {
        #expect(search.lookup(provider, 200, body) == .notFound)
    }

    @Test(arguments: [Provider.wassenger, .waha, .evolution, .respondIO])
    func aRefusalSaysNothing(provider: Provider) {
        for (status, body) in [(500, "{}"), (404, "{}"), (429, "{}"), (200, "<html>")] {
            guard case .inconclusive = search.lookup(provider, status, body) else {
                Issue.record("\(provider) \(status)")
                continue
            }
        }
    }

    @Test func respondIOKnowsATemplateByItsNameAndValues() throws {
        var template = TemplateMessage(name: "promo", language: "fr")
        template.body = [TemplateMessage.Parameter("Ana")]
        let message = OutboundMessage(to: .phone("+22890123456"), .template(template))
        let search = MessageSearch(message, since: Self.began)
        let sent = try Provider.respondIO.request(for: .send(message), through: channel)
        let content = try #require(try sent.json["message"])
        let item = { (content: JSON) in
            let status: JSON = [["value": "sent", "timestamp": 1_790_000_001_000]]
            let item: JSON = [
                "messageId": 9, "traffic": "outgoing", "message": content, "status": status,
            ]
            return (["items": [item]] as JSON).text
        }
        guard case .found = search.lookup(.respondIO, 200, item(content)) else {
            throw Unexpected()
        }
        template.body = [TemplateMessage.Parameter("Afi")]
        let other = OutboundMessage(to: .phone("+22890123456"), .template(template))
        let request = try Provider.respondIO.request(for: .send(other), through: channel)
        let otherContent = try #require(try request.json["message"])
        #expect(search.lookup(.respondIO, 200, item(otherContent)) == .notFound)
    }

    @Test func metaEchoesOurReferenceInstead() {
        #expect(throws: ProviderError.unsupported(.messageSearch, .meta)) {
            try Provider.meta.request(for: .searchMessage(search), through: channel)
        }
    }
}

extension MessageSearch {
    fileprivate func lookup(_ provider: Provider, _ status: Int, _ body: String) -> MessageLookup {
        let reply = ProviderReply(status: status, body: Array(body.utf8))
        return provider.candidates(for: self, in: .reply(reply), now: Timestamp(milliseconds: 0))
    }
}
