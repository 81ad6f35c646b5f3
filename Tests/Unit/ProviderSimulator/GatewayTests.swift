import FunctionContract
import HTTPServer
import Providers
import Testing

@testable import ProviderSimulator

/// What the gateways do besides sending.
@Suite struct GatewayTests {
    @Test(arguments: [Provider.wassenger, .waha, .evolution])
    func saysWhoIsOnWhatsApp(provider: Provider) throws {
        var stage = try Stage(#"{"people": {"+22890000000": {"absent": 1}}}"#)
        func check(_ number: String) throws -> NumberCheck {
            let reply = try #require(try stage.perform(.checkNumber(number), provider).reply)
            return provider.numberCheck(of: .reply(reply), now: stage.now)
        }
        guard case .exists(let identities) = try check("+22890123456") else { throw Unexpected() }
        #expect(identities.contains(ContactIdentity(.waID, "22890123456")))
        #expect(try check("+22890000000") == .absent)
    }

    @Test func evolutionRefusesAtOnceWhoIsAbsent() throws {
        var stage = try Stage(#"{"absent": 1}"#)
        let message = OutboundMessage(to: .phone("+22890123456"), .text("Bonjour"))
        let action = try stage.perform(.send(message), .evolution)
        #expect(action.refusal == .absent("+22890123456"))
    }

    @Test(arguments: [Provider.respondIO, .wassenger])
    func knowsWhatBecameOfAMessage(provider: Provider) throws {
        var stage = try Stage()
        let recipient = Recipient.phone("+22890123456")
        let message = OutboundMessage(to: recipient, .text("Bonjour"), reference: "c:m1")
        let send = try #require(try stage.perform(.send(message), provider).send)
        let sent = stage.accept(send).message
        for status in [DeliveryStatus.sent, .delivered] {
            stage.world.messages.add(.init(status: status, at: stage.now), to: sent.id)
        }
        let operation = ProviderOperation.lookUpMessage(id: sent.id, contact: recipient)
        let reply = try #require(try stage.perform(operation, provider).reply)
        guard case .found(let updates) = provider.lookup(of: .reply(reply), now: stage.now) else {
            throw Unexpected()
        }
        #expect(updates.map(\.status).max() == .delivered)
        #expect(updates.first?.messageID.all.contains(sent.waID) == true)
        let unknown = ProviderOperation.lookUpMessage(id: "1", contact: recipient)
        let nothing = try #require(try stage.perform(unknown, provider).reply)
        #expect(provider.lookup(of: .reply(nothing), now: stage.now) == .notFound)
    }

    @Test func respondIOKnowsPeopleByNumberAndByItsOwnID() throws {
        var stage = try Stage()
        let token: HTTPHeaders = ["authorization": "Bearer t"]
        let path = "/v2/contact/create_or_update/phone:%2B22890123456"
        let upsert = Call("POST", path, headers: token, body: Array("{}".utf8))
        let answer = try #require(upsert.playing(in: &stage.world).answer)
        let id = try #require(answer.json["contactId"]?.integer)
        let contact = ContactIdentity(.providerContact, String(id))
        let message = OutboundMessage(to: .identity(contact), .text("Bonjour"))
        let send = try stage.perform(.send(message), .respondIO).send
        #expect(send?.recipient == "+22890123456")
        let stranger = ContactIdentity(.providerContact, "1")
        let lost = OutboundMessage(to: .identity(stranger), .text("Bonjour"))
        #expect(try stage.perform(.send(lost), .respondIO).refusal == .notFound("Contact"))
    }

    @Test(arguments: [
        (
            Provider.meta,
            ProviderOperation.markRead(messageID: "w", from: .phone("+1"), showsTyping: true)
        ),
        (.waha, .markRead(messageID: "w", from: .phone("+1"), showsTyping: false)),
        (.waha, .typing(to: .phone("+1"), isOn: true)),
        (.evolution, .markRead(messageID: "w", from: .phone("+1"), showsTyping: false)),
        (.evolution, .typing(to: .phone("+1"), isOn: true)),
        (.wassenger, .typing(to: .phone("+22890123456"), isOn: true)),
    ])
    func takesCourtesies(provider: Provider, operation: ProviderOperation) throws {
        var stage = try Stage()
        let answer = try stage.perform(operation, provider).answer
        #expect(answer.map { (200..<300).contains($0.status) } == true)
    }

    @Test(arguments: [
        ("/v1/messages", #"{"message":"x"}"#, Refusal.missing("phone")),
        ("/v1/messages", #"{"phone":"+22890123456"}"#, .missing("message")),
        (
            "/v1/messages", #"{"phone":"+22890123456","group":"g","message":"x"}"#,
            .invalid("phone", "one of phone, group, channel, user")
        ),
        ("/api/sendText", #"{"text":"x"}"#, .missing("chatId")),
        ("/api/sendText", #"{"chatId":"1@c.us"}"#, .missing("text")),
        ("/message/sendText/i", #"{"text":"x"}"#, .missing("number")),
        ("/message/sendText/i", #"{"number":"1"}"#, .missing("text")),
        ("/message/sendFax/i", #"{"number":"1"}"#, .notFound("sendFax")),
        (
            "/v2/contact/phone:+1/message", #"{"message":{"type":"text"}}"#,
            .missing("message.text")
        ),
        (
            "/v2/contact/phone:+1/message", #"{"message":{"type":"fax"}}"#,
            .invalid("message.type", #"unknown type "fax""#)
        ),
    ])
    func refusesWhatTheRealOnesRefuse(path: String, json: String, refusal: Refusal) throws {
        var stage = try Stage()
        let headers: HTTPHeaders = [
            "authorization": "Bearer t", "token": "t", "x-api-key": "t", "apikey": "t",
        ]
        let call = Call("POST", path, headers: headers, body: Array(json.utf8))
        #expect(call.playing(in: &stage.world).refusal == refusal)
    }
}
