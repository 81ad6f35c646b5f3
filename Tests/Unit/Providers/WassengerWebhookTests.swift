import FunctionContract
import Security
import Testing

@testable import Providers

@Suite struct WassengerWebhookTests {
    private let provider = Provider.wassenger

    @Test func readsAMessageInTheFormThatRealTrafficHas() throws {
        let body = #"""
            {"id":"evt1","object":"message","event":"message:in:new","created":1749416383,
             "device":{"id":"5f01","phone":"+22890000000","alias":"x"},
             "data":{"id":"3EB0A1","type":"text","flow":"inbound","status":"active",
              "ack":"delivered",
              "from":"22990123456@c.us","fromNumber":"+22990123456","to":"22890000000@c.us",
               "toNumber":"+22890000000",
              "timestamp":1749416380,"body":"Oui","chat":{"id":"22990123456@c.us","type":"chat",
               "lid":"9988@lid","contact":{"name":"Awa L."}},
              "meta":{"notifyName":"Awa","isForwarded":true},"quoted":{"id":"3EB0Q",
               "from":"22890000000@c.us"},"media":null}}
            """#
        let event = try provider.only(body)
        let message = try provider.message(body)
        #expect(event.dedupeKey == "message:in:new:3EB0A1:delivered")
        #expect(event.channel == ChannelReference(id: "5f01", phone: "+22890000000"))
        #expect(event.occurredAt == Timestamp(milliseconds: 1_749_416_380_000))
        #expect(message.content == .text("Oui"))
        #expect(
            message.sender.identities
                == [
                    ContactIdentity(.phone, "+22990123456"), ContactIdentity(.waID, "22990123456"),
                    ContactIdentity(.lid, "9988"),
                ]
        )
        #expect(message.sender.profileName == "Awa")
        #expect(message.replyTo?.messageID == MessageID("3EB0Q"))
    }

    @Test func readsAMessageInTheFormThatTheDocumentationHas() throws {
        let body = #"""
            {"id":"evt_1","event":"message:in:new","createdAt":"2026-05-27T14:32:11.218Z",
             "device":"DEV",
             "data":{"message":{"id":"msg_1","chat":"34600111222@c.us","from":"34600111222",
              "fromMe":false,
              "type":"text","body":"Hi","timestamp":"2026-05-27T14:32:10.000Z"},
              "chat":{"id":"34600111222@c.us","contact":{"name":"Marta L.",
               "phone":"+34600111222"}}}}
            """#
        let message = try provider.message(body)
        #expect(message.sender.identities == [ContactIdentity(.waID, "34600111222")])
        #expect(message.sender.profileName == "Marta L.")
        #expect(try provider.only(body).channel.id == "DEV")
        #expect(try provider.only(body).occurredAt == Timestamp(rfc3339: "2026-05-27T14:32:10Z"))
    }

    @Test func readsMediaWithItsFile() throws {
        let body = #"""
            {"event":"message:in:new","data":{"id":"M1","type":"ptt","fromNumber":"+229",
             "chat":{"id":"1-2@g.us","type":"group"},
             "media":{"id":"file1","mime":"audio/ogg","size":111819,"caption":null,
              "filename":"a.ogg",
              "links":{"download":"/v1/chat/abc/files/file1/download"}}}}
            """#
        let message = try provider.message(body)
        guard case .media(let media) = message.content else { throw Unexpected() }
        #expect(media.kind == .audio && media.isVoice)
        #expect(media.id == "file1" && media.byteCount == 111_819)
        #expect(message.chat.kind == .group)
    }

    @Test(arguments: [
        ("message:out:sent", "", DeliveryStatus.sent), ("message:out:delivered", "", .delivered),
        ("message:out:read", "", .read), ("message:out:failed", "", .failed),
        ("message:out:ack", #","ack":"pending""#, .queued),
        ("message:out:ack", #","ack":"server""#, .sent),
        ("message:out:ack", #","ack":"device""#, .sent),
        ("message:out:ack", #","ack":"played""#, .played),
        ("message:out:ack", #","deliveryStatus":"read""#, .read),
    ])
    func readsReceipts(event: String, fields: String, expected: DeliveryStatus) throws {
        let body =
            #"""
            {"event":"\#(event)","created":1749416383,"data":{"id":"aaa","waId":"3EB0",
             "reference":"r:77","toNumber":"+22990123456"\#(fields)}}
            """#
        let status = try provider.status(body)
        #expect(status.status == expected)
        #expect(status.messageID.all == ["aaa", "3EB0"])
        #expect(status.reference == "r:77")
        #expect(status.recipient[.phone] == "+22990123456")
        #expect(status.at == Timestamp(milliseconds: 1_749_416_383_000))
    }

    @Test func explainsAFailure() throws {
        let body =
            #"""
            {"event":"message:out:failed","data":{"id":"a","error":{"code":"E1",
             "message":"No WhatsApp"}}}
            """#
        #expect(
            try provider.status(body).failure == ProviderFailure(code: "E1", title: "No WhatsApp")
        )
    }

    @Test func seesOurOwnNewMessageAndHowFarItIs() throws {
        let events = try provider.events(
            #"""
            {"event":"message:out:new","data":{"id":"a","body":"Bonjour","type":"text",
             "status":"queued","toNumber":"+22990123456"}}
            """#
        )
        guard case .echo(let echo) = events[0].kind, case .status(let status) = events[1].kind
        else {
            throw Unexpected()
        }
        #expect(echo.recipient[.phone] == "+22990123456")
        #expect(status.status == .queued)
        #expect(events[0].dedupeKey != events[1].dedupeKey)
    }

    @Test func readsEditsRevocationsReactionsAndSessions() throws {
        let edit = try provider.only(
            #"{"id":"e1","event":"message:update","data":{"id":"M","type":"text","body":"new"}}"#
        )
        guard case .edited(let change) = edit.kind else { throw Unexpected() }
        #expect(change.content == .text("new"))
        #expect(edit.dedupeKey == "e1")
        let revoked = try provider.only(
            #"{"id":"e2","event":"message:update","data":{"id":"M","meta":{"isRevoked":true}}}"#
        )
        guard case .revoked = revoked.kind else { throw Unexpected() }
        let poll = try provider.only(
            #"{"id":"e3","event":"message:update","data":{"id":"M","type":"poll","body":"?"}}"#
        )
        guard case .unknown = poll.kind else { throw Unexpected() }
        let removed = try provider.only(
            #"""
            {"event":"message:reaction","data":{"id":"R","reaction":"-","reactionMessage":"M",
             "fromNumber":"+22990123456"}}
            """#
        )
        guard case .reaction(let reaction) = removed.kind else { throw Unexpected() }
        #expect(reaction.emoji == nil && reaction.target == MessageID("M"))
        let session = try provider.session(
            #"""
            {"event":"number:session","data":{"session":{"status":"authorize"},
             "phone":"+22890000000"}}
            """#
        )
        #expect(session.state == .needsPairing)
    }

    @Test(arguments: [
        (#""id":"M","status":"delivered""#, DeliveryStatus.delivered),
        (#""id":"M","deliveryStatus":"read""#, .read),
        (#""id":"M","flow":"outbound","type":"text","ack":"read""#, .read),
    ])
    func readsAReceiptFromAnUpdate(data: String, expected: DeliveryStatus) throws {
        let status = try provider.status(#"{"event":"message:update","data":{\#(data)}}"#)
        #expect(status.status == expected)
        #expect(status.messageID == MessageID("M"))
    }

    @Test func tellsTwoReceiptsOfOneMessageApart() throws {
        let keys = try ["delivered", "read"].map {
            try provider.only(
                #"{"event":"message:update","data":{"id":"M","status":"\#($0)"}}"#
            ).dedupeKey
        }
        #expect(Set(keys).count == 2)
    }

    @Test func readsAReactionThatNamesItsMessageBesideIt() throws {
        let event = try provider.only(
            #"""
            {"event":"message:reaction","data":{"fromNumber":"+22990123456",
             "messageId":"msg_abc123","reaction":"👍"}}
            """#
        )
        guard case .reaction(let reaction) = event.kind else { throw Unexpected() }
        #expect(reaction.target == MessageID("msg_abc123") && reaction.emoji == "👍")
        #expect(reaction.sender[.phone] == "+22990123456")
    }

    @Test(arguments: [
        "{}", "[]", "7", #"{"event":"chat:update","data":{"id":"x"}}"#,
        #"{"event":"message:in:new"}"#,
        #"{"event":"message:out:ack","data":{"id":"x","ack":"teleported"}}"#,
        #"{"event":"message:reaction","data":{"message":"text"}}"#, #"{"event":7,"data":[1]}"#,
    ])
    func keepsWhatItDoesNotUnderstand(body: String) throws {
        guard case .unknown = try provider.only(body).kind else { throw Unexpected() }
    }

    @Test(arguments: [
        ([], [], nil, true, WebhookRefusal.secretMissing),
        (["k"], [], nil, true, nil), (["k"], [], nil, false, .signatureMissing),
        ([], ["p"], "p", false, nil), ([], ["p"], "q", false, .addressSecretMismatch),
        ([], ["p"], nil, true, .addressSecretMismatch),
        (["k"], ["p"], "p", false, nil), (["k"], ["p"], "p", true, nil),
        (["k"], ["p"], "q", true, .addressSecretMismatch),
        (["x"], ["p"], "p", true, .signatureMismatch),
        (["x", "k"], ["o", "p"], "p", true, nil),
    ])
    func verifiesBySignatureOrAddress(
        signing: [String],
        address: [String],
        called: String?,
        isSigned: Bool,
        refusal: WebhookRefusal?
    ) {
        let body = Array("{}".utf8)
        var headers = HTTPFields()
        let code = HMAC.sha256(key: Array("k".utf8), message: body)
        if isSigned { headers["x-wassenger-signature"] = "sha256=" + Base16.encode(code) }
        let delivery = WebhookDelivery(headers: headers, body: body, addressSecret: called)
        #expect(Refusal.of(provider, delivery, signing: signing, address: address) == refusal)
    }
}
