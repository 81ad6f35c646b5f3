import FunctionContract
import Testing

@testable import Providers

/// Shapes that no documentation shows and that come all the same.
@Suite struct MetaMessyEventTests {
    @Test func takesASenderWithoutANumber() throws {
        let event = try MetaDelivery.only(
            value: #"""
                {"contacts":[{"profile":{"name":"Jane","username":"@jane"},"user_id":"US.13",
                 "parent_user_id":"US.ENT.11"}],
                 "messages":[{"from_user_id":"US.13","id":"w","timestamp":"1","type":"text",
                  "text":{"body":"hi"}}]}
                """#
        )
        let sender = try MetaDelivery.inbound(event).sender
        #expect(
            sender.identities == [
                ContactIdentity(.bsuid, "US.13"), ContactIdentity(.parentBSUID, "US.ENT.11"),
            ]
        )
        #expect(sender.profileName == "Jane")
        #expect(sender.identities.allSatisfy { $0.dialled == nil })
    }

    @Test func keepsBothNumbersWhenMessageAndContactDiffer() throws {
        let event = try MetaDelivery.only(
            value: #"""
                {"contacts":[{"wa_id":"554188887777"}],
                 "messages":[{"from":"5541988887777","id":"w","type":"text","text":{"body":"oi"}}]}
                """#
        )
        #expect(
            try MetaDelivery.inbound(event).sender.identities
                == [
                    ContactIdentity(.waID, "5541988887777"), ContactIdentity(.waID, "554188887777"),
                ]
        )
    }

    @Test func doesNotMixUpTheContactsOfABatch() throws {
        let events = try Provider.meta.events(
            in: MetaDelivery.envelope(
                #"""
                {"contacts":[{"wa_id":"1","profile":{"name":"Un"}},{"wa_id":"2",
                 "profile":{"name":"Deux"}}],
                 "messages":[{"from":"2","id":"w2","type":"text","text":{"body":"b"}},
                             {"from":"1","id":"w1","type":"text","text":{"body":"a"}},
                             {"from":"3","id":"w3","type":"text","text":{"body":"c"}}]}
                """#
            )
        )
        let names = try events.map { try MetaDelivery.inbound($0).sender.profileName }
        #expect(names == ["Deux", "Un", nil])
    }

    @Test(arguments: [
        #"{"id":"w","from":"1","type":"interactive"}"#,
        #"{"id":"w","from":"1","type":"interactive","interactive":{"type":"new_kind"}}"#,
        #"{"id":"w","from":"1","type":"image"}"#,
        #"{"id":"w","from":"1","type":"text"}"#,
        #"{"id":"w","from":"1","type":"location","location":{"latitude":"?"}}"#,
        #"{"id":"w","from":"1"}"#,
        #"{"id":"w","from":"1","type":"poll_creation","poll_creation":{}}"#,
    ])
    func keepsAMessageWithoutReadableContent(message: String) throws {
        let body =
            #"{"messages":[\#(message)],"errors":[{"code":131000,"title":"Something went wrong"}]}"#
        guard
            case .unsupported(_, let failure) = try MetaDelivery.inbound(
                MetaDelivery.only(value: body)
            ).content
        else {
            throw Unexpected()
        }
        #expect(failure.code == "131000")
    }

    @Test(arguments: [
        (#"{"id":"w","from":"1","type":"reaction","reaction":{"message_id":"t","emoji":""}}"#, nil),
        (#"{"id":"w","from":"1","type":"reaction","reaction":{"message_id":"t"}}"#, nil),
        (
            #"{"id":"w","from":"1","type":"reaction","reaction":{"message_id":"t","emoji":"👍"}}"#,
            "👍"
        ),
    ])
    func seesAReactionTakenBack(message: String, emoji: String?) throws {
        guard
            case .reaction(let reaction) = try MetaDelivery.only(
                value: #"{"messages":[\#(message)]}"#
            ).kind
        else { throw Unexpected() }
        #expect(reaction.emoji == emoji)
    }

    @Test(arguments: [
        "{}", "[]", "null", "3", #""text""#, #"{"entry":{}}"#, #"{"entry":[null]}"#,
        #"{"entry":[{"changes":[{"field":"messages"}]}]}"#,
        #"{"entry":[{"changes":[{"field":"messages","value":{"messages":[7,null,{}]}}]}]}"#,
        #"""
        {"entry":[{"changes":[{"field":"messages","value":{"statuses":[{"id":"w",
         "status":"warning"}]}}]}]}
        """#,
        #"{"entry":[{"changes":[{"value":{"messages":[]}}]}]}"#,
    ])
    func keepsWhatItDoesNotUnderstand(body: String) throws {
        let events = try Provider.meta.events(in: Array(body.utf8))
        for event in events {
            guard case .unknown = event.kind else { throw Unexpected() }
        }
        #expect(!events.isEmpty || body == "[]" || body == "null")
    }

    @Test(arguments: ["", "{", "hub.mode=subscribe", "{\"a\":\u{1}}"])
    func refusesABodyThatIsNoJSON(body: String) {
        #expect(throws: ProviderError.self) { try Provider.meta.events(in: Array(body.utf8)) }
    }

    @Test func tellsTwoEqualAnnouncementsApartByTheirTime() throws {
        func key(_ time: Int) throws -> String {
            let body =
                #"""
                {"entry":[{"id":"1","time":\#(time),"changes":[{"field":"account_update",
                 "value":{"event":"FLAGGED"}}]}]}
                """#
            return try MetaDelivery.only(Array(body.utf8)).dedupeKey
        }
        #expect(try key(1_745_501_204) == key(1_745_501_204))
        #expect(try key(1_745_501_204) != key(1_745_501_205))
    }
}
