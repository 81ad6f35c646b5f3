import FunctionContract
import Testing

@testable import Providers

@Suite struct EvolutionEventTests {
    private let provider = Provider.evolution

    @Test func readsAMessage() throws {
        let body = #"""
            {"event":"messages.upsert","instance":"relais","destination":"https://x",
             "date_time":"2026-05-27T11:32:11.218Z",
             "sender":"22890000000@s.whatsapp.net","server_url":"https://evo","apikey":"SECRET",
             "data":{"key":{"remoteJid":"22990123456:7@s.whatsapp.net","fromMe":false,
              "id":"3EB0A1"},"pushName":"Awa",
              "message":{"conversation":"Bonjour"},"messageType":"conversation",
               "messageTimestamp":1717782429,"status":"DELIVERY_ACK"}}
            """#
        let event = try provider.only(body)
        let message = try provider.message(body)
        #expect(event.dedupeKey == "messages.upsert:3EB0A1")
        #expect(event.channel == ChannelReference(id: "relais", phone: "22890000000"))
        #expect(event.occurredAt == Timestamp(milliseconds: 1_717_782_429_000))
        #expect(message.sender.identities == [ContactIdentity(.waID, "22990123456")])
        #expect(message.sender.profileName == "Awa")
        #expect(message.content == .text("Bonjour"))
    }

    @Test(arguments: [#""apikey":"SECRET""#, #" "\u0061pikey" : {"of":"SECRET"} "#])
    func keepsNoKeyOfTheInstance(key: String) throws {
        func body(_ key: String) -> String {
            #"{"event":"messages.upsert","instance":"relais","# + key
                + #","data":{"key":{"remoteJid":"22990123456@s.whatsapp.net","id":"A"},"#
                + #""message":{"conversation":"apikey"}}}"#
        }
        let delivery = WebhookDelivery(headers: [:], body: Array(body(key).utf8))
        let kept = String(decoding: try provider.keptBody(of: delivery), as: UTF8.self)
        #expect(!kept.contains("SECRET"))
        #expect(try provider.events(kept) == provider.events(body(#""apikey":null"#)))
        #expect(try provider.message(kept).text == "apikey")
    }

    @Test(arguments: ["messages.upsert", "MESSAGES_UPSERT", "messages-upsert"])
    func knowsAnEventByAnyOfItsNames(name: String) throws {
        let body =
            #"""
            {"event":"\#(name)","data":[{"key":{"remoteJid":"22990123456@s.whatsapp.net",
             "id":"A"},"message":{"conversation":"a"}}]}
            """#
        #expect(try provider.message(body).text == "a")
    }

    @Test(arguments: [
        #""key":{"remoteJid":"9988@lid","remoteJidAlt":"22990123456@s.whatsapp.net","id":"A"}"#,
        #""key":{"remoteJid":"9988@lid","senderPn":"22990123456@s.whatsapp.net","id":"A"}"#,
        #""key":{"remoteJid":"22990123456@s.whatsapp.net","senderLid":"9988@lid","id":"A"}"#,
    ])
    func findsTheNumberBehindAHiddenID(key: String) throws {
        let body = #"{"event":"messages.upsert","data":{\#(key),"message":{"conversation":"a"}}}"#
        #expect(
            try provider.message(body).sender.identities
                == [ContactIdentity(.waID, "22990123456"), ContactIdentity(.lid, "9988")]
        )
    }

    @Test func neverNamesAContactAfterUs() throws {
        let body = #"""
            {"event":"messages.upsert","data":{"key":{"remoteJid":"22990123456@s.whatsapp.net",
             "fromMe":true,"id":"A"},
             "pushName":"Você","message":{"conversation":"a"}}}
            """#
        let echo = try provider.echo(body)
        #expect(echo.sender.profileName == nil && echo.recipient.profileName == nil)
        #expect(echo.recipient[.waID] == "22990123456")
    }

    @Test(arguments: [
        #"""
        {"keyId":"A","remoteJid":"22990123456@s.whatsapp.net","fromMe":true,"status":"READ",
         "messageId":"cm1"}
        """#,
        #"""
        {"key":{"id":"A","remoteJid":"22990123456@s.whatsapp.net","fromMe":true},
         "status":"READ"}
        """#,
        #"""
        {"key":{"id":"A","remoteJid":"22990123456@s.whatsapp.net","fromMe":true},
         "update":{"status":"READ"}}
        """#,
        #"""
        [{"key":{"id":"A","remoteJid":"22990123456@s.whatsapp.net","fromMe":true},
         "update":{"status":4}}]
        """#,
    ])
    func readsAReceiptInAllFourForms(data: String) throws {
        let status = try provider.status(#"{"event":"messages.update","data":\#(data)}"#)
        #expect(status.status == .read)
        #expect(status.messageID.value == "A")
        #expect(status.recipient[.waID] == "22990123456")
    }

    @Test(arguments: [
        ("PENDING", DeliveryStatus.queued), ("SERVER_ACK", .sent), ("DELIVERY_ACK", .delivered),
        ("READ", .read),
        ("PLAYED", .played), ("ERROR", .failed),
    ])
    func readsEveryStatus(word: String, expected: DeliveryStatus) throws {
        let named =
            #"{"event":"messages.update","data":{"keyId":"A","fromMe":true,"status":"\#(word)"}}"#
        #expect(try provider.status(named).status == expected)
        #expect(try provider.only(named).dedupeKey == "messages.update:A:\(word)")
        let number =
            ["ERROR", "PENDING", "SERVER_ACK", "DELIVERY_ACK", "READ", "PLAYED"].firstIndex(
                of: word
            ) ?? -1
        let numbered =
            #"{"event":"messages.update","data":{"keyId":"A","fromMe":true,"status":\#(number)}}"#
        #expect(try provider.status(numbered).status == expected)
    }

    @Test(arguments: [
        #"""
        {"key":{"id":"A","fromMe":true},"status":"SERVER_ACK",
         "message":{"editedMessage":{"message":{"conversation":"new"}}}}
        """#,
        #"""
        {"key":{"id":"A","fromMe":true},"update":{"status":"SERVER_ACK",
         "message":{"editedMessage":{"message":{"extendedTextMessage":{"text":"new"}}}}}}
        """#,
        #"""
        {"key":{"id":"X","fromMe":true},
         "message":{"editedMessage":{"message":{"protocolMessage":{"key":{"id":"A"},
         "editedMessage":{"conversation":"new"}}}}}}
        """#,
    ])
    func takesAnEditForAnEditAndNotForAReceipt(data: String) throws {
        guard
            case .edited(let edit) = try provider.only(
                #"{"event":"messages.update","data":\#(data)}"#
            ).kind
        else { throw Unexpected() }
        #expect(edit.target.value == "A")
        #expect(edit.content == .text("new"))
    }

    @Test func tellsTwoEditsOfOneMessageApart() throws {
        func key(_ text: String) throws -> String {
            try provider.only(
                #"""
                {"event":"messages.edited","data":{"key":{"id":"A","fromMe":false},"type":14,
                 "editedMessage":{"conversation":"\#(text)"}}}
                """#
            ).dedupeKey
        }
        #expect(try key("one") != key("two"))
        #expect(try key("one") == key("one"))
    }

    @Test(arguments: [
        #"""
        {"event":"messages.delete","data":{"id":"A","remoteJid":"1@s.whatsapp.net",
         "fromMe":false}}
        """#,
        #"{"event":"messages.update","data":{"keyId":"A","fromMe":false,"status":"DELETED"}}"#,
        #"""
        {"event":"messages.upsert","data":{"key":{"id":"X"},
         "message":{"protocolMessage":{"type":"REVOKE","key":{"id":"A"}}}}}
        """#,
        #"""
        {"event":"messages.upsert","data":{"key":{"id":"X"},
         "message":{"protocolMessage":{"type":0,"key":{"id":"A"}}}}}
        """#,
    ])
    func readsRevocations(body: String) throws {
        guard case .revoked(let revoked) = try provider.only(body).kind else { throw Unexpected() }
        #expect(revoked.target.value == "A")
    }

    @Test(arguments: [("", nil), ("👍", "👍")])
    func readsReactions(text: String, emoji: String?) throws {
        let body =
            #"""
            {"event":"messages.upsert","data":{"key":{"id":"X","remoteJid":"229@lid"},
             "message":{"reactionMessage":{"key":{"id":"A"},"text":"\#(text)"}}}}
            """#
        guard case .reaction(let reaction) = try provider.only(body).kind else {
            throw Unexpected()
        }
        #expect(reaction.target == MessageID("A") && reaction.emoji == emoji)
    }

    @Test(arguments: [
        (
            #"""
            {"extendedTextMessage":{"text":"a","contextInfo":{"stanzaId":"Q",
             "isForwarded":true}}}
            """#,
            "text", "a"
        ),
        (#"{"ephemeralMessage":{"message":{"conversation":"a"}}}"#, "text", "a"),
        (
            #"{"imageMessage":{"url":"https://mmg","mimetype":"image/jpeg","caption":"c"}}"#,
            "media", "c"
        ),
        (
            #"""
            {"documentWithCaptionMessage":{"message":{"documentMessage":{"fileName":"a.pdf",
             "caption":"c"}}}}
            """#,
            "media", "c"
        ),
        (#"{"audioMessage":{"ptt":true}}"#, "media", nil),
        (#"{"viewOnceMessageV2":{"message":{"imageMessage":{}}}}"#, "media", nil),
        (
            #"{"listResponseMessage":{"title":"Oui","singleSelectReply":{"selectedRowId":"r"}}}"#,
            "choice", "Oui"
        ),
        (
            #"{"templateButtonReplyMessage":{"selectedId":"b","selectedDisplayText":"Oui"}}"#,
            "choice", "Oui"
        ),
        (
            #"{"locationMessage":{"degreesLatitude":6.3,"degreesLongitude":2.4,"name":"Cotonou"}}"#,
            "location", "Cotonou"
        ),
        (
            #"{"contactMessage":{"displayName":"A","vcard":"BEGIN:VCARD\nTEL:+229\nEND:VCARD"}}"#,
            "contacts", nil
        ),
        (
            #"""
            {"interactiveResponseMessage":{"nativeFlowResponseMessage":{"name":"n",
             "paramsJson":"{}"}}}
            """#,
            "form", nil
        ),
    ])
    func readsEveryKindOfContent(message: String, kind: String, text: String?) throws {
        let body =
            #"""
            {"event":"messages.upsert","data":{"key":{"id":"A",
             "remoteJid":"22990123456@s.whatsapp.net"},"message":\#(message)}}
            """#
        let inbound = try provider.message(body)
        #expect(String(describing: inbound.content).hasPrefix(kind))
        #expect(inbound.text == text)
    }

    @Test func recordsAViewOnceMessageThatCannotBeSeen() throws {
        for data in [
            #"{"key":{"id":"A","remoteJid":"229@lid","isViewOnce":true}}"#,
            #"""
            {"key":{"id":"A","remoteJid":"229@lid"},"messageStubType":2,
             "messageStubParameters":["Message absent from node"]}
            """#,
        ] {
            let message = try provider.message(#"{"event":"messages.upsert","data":\#(data)}"#)
            guard case .unsupported("view_once", _) = message.content else { throw Unexpected() }
        }
    }

    @Test(arguments: [
        (
            #"""
            "event":"connection.update","data":{"state":"open",
             "wuid":"22890000000@s.whatsapp.net"}
            """#,
            SessionUpdate.State.working
        ),
        (#""event":"connection.update","data":{"state":"connecting"}"#, .starting),
        (
            #""event":"connection.update","data":{"state":"close","statusReason":401}"#,
            .needsPairing
        ),
        (#""event":"connection.update","data":{"state":"close","statusReason":428}"#, .stopped),
        (#""event":"qrcode.updated","data":{"qrcode":{"base64":"x"}}"#, .needsPairing),
        (#""event":"logout.instance","data":{}"#, .stopped),
    ])
    func readsSessions(body: String, state: SessionUpdate.State) throws {
        #expect(try provider.session("{\(body)}").state == state)
    }

    @Test(arguments: [
        "{}", "[]", #"{"event":"messages.upsert"}"#,
        #"{"event":"messages.update","data":{"keyId":"A","fromMe":false,"status":"READ"}}"#,
        #"{"event":"messages.update","data":{"keyId":"A","fromMe":true,"status":9}}"#,
        #"{"event":"contacts.update","data":[{"id":1}]}"#,
        #"{"event":"connection.update","data":{"state":"?"}}"#,
        #"{"event":"messages.upsert","data":[7]}"#, #"{"event":"messages.delete","data":{}}"#,
    ])
    func keepsWhatItDoesNotUnderstand(body: String) throws {
        guard case .unknown = try provider.only(body).kind else { throw Unexpected() }
    }
}
