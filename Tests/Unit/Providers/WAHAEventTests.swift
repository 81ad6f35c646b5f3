import FunctionContract
import Testing

@testable import Providers

@Suite struct WAHAEventTests {
    private let provider = Provider.waha

    @Test func readsAMessageOfTheEngineNOWEB() throws {
        let body = #"""
            {"id":"evt_01","timestamp":1741249702485,"event":"message","session":"default",
             "metadata":{},
             "me":{"id":"22890000000@c.us","pushName":"Relais"},"engine":"NOWEB",
             "payload":{"id":"false_9988@lid_3EB0A1","timestamp":1741249700,"from":"9988@lid",
              "fromMe":false,"source":"app",
              "body":"Bonjour","hasMedia":false,"participant":null,"ack":null,
               "ackName":"UNKNOWN","replyTo":null,
              "_data":{"key":{"remoteJid":"9988@lid","remoteJidAlt":"22990123456@s.whatsapp.net",
               "id":"3EB0A1"},"pushName":"Awa"}}}
            """#
        let event = try provider.only(body)
        let message = try provider.message(body)
        #expect(event.dedupeKey == "evt_01")
        #expect(event.channel == ChannelReference(id: "default", phone: "22890000000"))
        #expect(event.occurredAt == Timestamp(milliseconds: 1_741_249_700_000))
        #expect(message.id.all == ["false_9988@lid_3EB0A1", "3EB0A1"])
        #expect(
            message.sender.identities == [
                ContactIdentity(.lid, "9988"), ContactIdentity(.waID, "22990123456"),
            ]
        )
        #expect(message.sender.profileName == "Awa")
        #expect(message.chat == Chat(jid: "9988@lid"))
    }

    @Test func readsTheMessagesOfTheDocumentation() throws {
        let own = try provider.events(in: Fixture.bytes("waha/event.message.events.10.json"))
        guard case .echo(let echo) = own[0].kind else { throw Unexpected() }
        #expect(echo.text == "Hi there!")
        #expect(
            own[0].dedupeKey == "message:true_11111111111@c.us_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:1:"
        )
        let image = try message("waha/event.message.receive_messages.8.json")
        guard case .media(let media) = image.content else { throw Unexpected() }
        #expect(media.kind == .image)
        #expect(media.caption == "Check this out (caption for the media)!")
        let reply = try message("waha/event.message.receive_messages.1.json")
        #expect(reply.replyTo?.messageID?.alternates == ["AAAAAAAAAAAAAAAAAAA"])
        let channel = try message("waha/event.message.channels.18.json")
        #expect(channel.chat.kind == .newsletter)
        let story = try message("waha/event.message.status.13.json")
        #expect(story.chat == Chat(jid: "status@broadcast"))
        #expect(story.chat.kind == .broadcast)
        #expect(story.sender[.waID] == "123123")
    }

    @Test func readsReactionsEditsRevocationsAndVotes() throws {
        guard
            case .reaction(let reaction) = try event("waha/event.message.reaction.events.12.json")
                .kind
        else { throw Unexpected() }
        #expect(reaction.emoji == "🙏")
        #expect(reaction.target.alternates == ["11111111111111111111111111111111"])
        #expect(
            try event("waha/event.message.reaction.events.12.json").occurredAt?.milliseconds
                == 1_710_481_111_853
        )
        guard case .edited(let edit) = try event("waha/event.message.edited.events.16.json").kind
        else { throw Unexpected() }
        #expect(edit.target.all.contains("AAAAAAAAAAAAAAAA"))
        #expect(edit.content == .text("New body"))
        guard
            case .revoked(let revoked) = try event("waha/event.message.revoked.events.17.json").kind
        else { throw Unexpected() }
        #expect(revoked.target.all.contains("AAAAAAAAAAAAAAAA"))
        let vote = try message("waha/event.poll.vote.events.18.json")
        #expect(vote.content == .poll(["Awesome!"]))
        #expect(vote.replyTo?.messageID?.alternates == ["BAE5F2EF5C69001E"])
        #expect(try message("waha/event.poll.vote.polls.4.json").chat.kind == .group)
    }

    @Test(arguments: [
        (-1, DeliveryStatus.failed), (0, .queued), (1, .sent), (2, .delivered), (3, .read),
        (4, .played),
    ])
    func readsReceiptsByNumber(ack: Int, expected: DeliveryStatus) throws {
        let body =
            #"""
            {"event":"message.ack","session":"s","payload":{"id":"true_22990123456@c.us_AB",
             "from":"22990123456@c.us","participant":null,"fromMe":true,"ack":\#(ack)}}
            """#
        let status = try provider.status(body)
        #expect(status.status == expected)
        #expect(status.messageID.all == ["true_22990123456@c.us_AB", "AB"])
        #expect(status.recipient[.waID] == "22990123456")
        #expect(try provider.only(body).dedupeKey == "message.ack:true_22990123456@c.us_AB:\(ack):")
    }

    @Test(arguments: [("DEVICE", DeliveryStatus.delivered), ("SERVER", .sent), ("ERROR", .failed)])
    func readsReceiptsByName(name: String, expected: DeliveryStatus) throws {
        let body =
            #"{"event":"message.ack","payload":{"id":"true_1@c.us_AB","ackName":"\#(name)"}}"#
        #expect(try provider.status(body).status == expected)
    }

    @Test func countsEachParticipantOfAGroup() throws {
        let group = try event("waha/event.message.ack.events.14.json")
        #expect(group.dedupeKey.hasSuffix(":3:9999@lid"))
        guard case .status(let status) = group.kind else { throw Unexpected() }
        #expect(status.recipient[.lid] == "9999")
    }

    @Test func ignoresReceiptsForWhatOthersSent() throws {
        let body =
            #"{"event":"message.ack","payload":{"id":"false_1@c.us_AB","fromMe":false,"ack":3}}"#
        guard case .unknown = try provider.only(body).kind else { throw Unexpected() }
    }

    @Test(arguments: [
        ("events.7", SessionUpdate.State.working, "WORKING"),
        ("sessions.23", .needsPairing, "PASSKEY_REQUIRED"),
        ("sessions.25", .needsPairing, "PASSKEY_CONFIRMATION_REQUIRED"),
    ])
    func readsSessions(fixture: String, state: SessionUpdate.State, word: String) throws {
        guard
            case .session(let session) = try event("waha/event.session.status.\(fixture).json").kind
        else { throw Unexpected() }
        #expect(session.state == state && session.word == word)
    }

    @Test(arguments: [
        (
            #""_data":{"selectedButtonId":"yes"}"#,
            Choice(source: .button, payload: "yes", title: "Oui")
        ),
        (
            #""_data":{"listResponse":{"title":"Oui","singleSelectReply":{"selectedRowId":"r1"}}}"#,
            Choice(source: .list, payload: "r1", title: "Oui")
        ),
        (
            #"""
            "_data":{"message":{"buttonsResponseMessage":{"selectedButtonId":"yes",
             "selectedDisplayText":"Oui"}}}
            """#,
            Choice(source: .button, payload: "yes", title: "Oui")
        ),
    ])
    func readsChoicesOfEveryEngine(data: String, choice: Choice) throws {
        let body =
            #"""
            {"event":"message","payload":{"id":"false_1@c.us_AB","from":"22990123456@c.us",
             "body":"Oui",\#(data)}}
            """#
        #expect(try provider.message(body).content == .choice(choice))
    }

    @Test func readsCardsAndPlaces() throws {
        let lines = [
            "BEGIN:VCARD", "VERSION:3.0", "FN:Jane Doe",
            "item1.TEL;type=CELL;waid=911111111111:+91 11111 11111", "END:VCARD",
        ]
        let card = lines.joined(separator: #"\n"#)
        let cards = try provider.message(
            #"""
            {"event":"message","payload":{"id":"false_1@c.us_AB","from":"22990123456@c.us",
             "vCards":["\#(card)"]}}
            """#
        )
        #expect(
            cards.content
                == .contacts([SharedContact(name: "Jane Doe", phones: ["+91 11111 11111"])])
        )
        let place = try provider.message(
            #"""
            {"event":"message","payload":{"id":"false_1@c.us_AB","from":"22990123456@c.us",
             "location":{"latitude":"6.36","longitude":2.42}}}
            """#
        )
        #expect(place.content == .location(Location(latitude: 6.36, longitude: 2.42)))
    }

    @Test(arguments: [
        "{}", "[]", #"{"event":"message","payload":{}}"#, #"{"event":"message.ack","payload":{}}"#,
        #"{"event":"session.status","payload":{"status":"DREAMING"}}"#,
        #"{"event":"poll.vote","payload":{}}"#,
        #"{"event":"message.revoked","payload":{"before":null,"after":null}}"#,
        #"{"event":"engine.event","payload":7}"#,
    ])
    func keepsWhatItDoesNotUnderstand(body: String) throws {
        guard case .unknown = try provider.only(body).kind else { throw Unexpected() }
    }

    private func event(_ path: String) throws -> DomainEvent {
        let events = try provider.events(in: Fixture.bytes(path))
        try #require(events.count == 1)
        return events[0]
    }

    private func message(_ path: String) throws -> InboundMessage {
        guard case .message(let message) = try event(path).kind else { throw Unexpected() }
        return message
    }
}
