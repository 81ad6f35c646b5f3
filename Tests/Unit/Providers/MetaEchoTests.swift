import FunctionContract
import Testing

@testable import Providers

/// What our own phone did, and the calls of contacts.
@Suite struct MetaEchoTests {
    @Test(arguments: ["smb_message_echoes", "message_echoes", "messages"])
    func readsAnEchoInAnyField(field: String) throws {
        let value = #"""
            {"message_echoes":[{"from":"15550783881","to":"16505551234","id":"w","type":"text",
             "text":{"body":"from the phone"}}]}
            """#
        guard case .echo(let echo) = try MetaDelivery.only(field: field, value: value).kind else {
            throw Unexpected()
        }
        #expect(echo.recipient[.waID] == "16505551234")
    }

    @Test func keepsEchoesAndMessagesOfOneValue() throws {
        let events = try Provider.meta.events(
            in: MetaDelivery.envelope(
                #"""
                {"messages":[{"id":"a","from":"16505551234","type":"text","text":{"body":"a"}}],
                 "message_echoes":[{"id":"b","from":"1","to":"2","type":"text",
                  "text":{"body":"b"}}]}
                """#
            )
        )
        #expect(events.map(\.dedupeKey) == ["m:a", "m:b"])
    }

    @Test func readsOwnEditsRevocationsAndReactions() throws {
        let events = try Provider.meta.events(
            in: MetaDelivery.envelope(
                #"""
                {"message_echoes":[
                 {"id":"w1","from":"1","type":"edit","edit":{"original_message_id":"o1",
                  "message":{"type":"text","text":{"body":"new"}}}},
                 {"id":"w2","from":"1","type":"revoke","revoke":{"original_message_id":"o2"}},
                 {"id":"w3","from":"1","type":"reaction",
                  "reaction":{"message_id":"o3","emoji":"👍"}}]}
                """#,
                field: "smb_message_echoes"
            )
        )
        guard events.count == 3, case .edited(let edit) = events[0].kind,
            case .revoked(let revoked) = events[1].kind,
            case .reaction(let reaction) = events[2].kind
        else { throw Unexpected() }
        #expect(edit.target == MessageID("o1") && edit.isOwn)
        #expect(revoked.target == MessageID("o2") && revoked.isOwn)
        #expect(reaction.target == MessageID("o3") && reaction.isOwn)
    }

    private static let calls: [(String, CallUpdate.Phase, Bool)] = [
        (
            #""calls":[{"id":"c","from":"22890123456","to":"1","event":"connect"}]"#,
            CallUpdate.Phase.ringing, false
        ),
        (
            #""calls":[{"id":"c","from":"22890123456","event":"terminate","status":"FAILED"}]"#,
            .ended, false
        ),
        (
            #"""
            "calls":[{"id":"c","from":"1","to":"22890123456","event":"terminate",
             "direction":"BUSINESS_INITIATED"}]
            """#,
            .ended, true
        ),
        (
            #"""
            "statuses":[{"id":"c","type":"call","status":"REJECTED","recipient_id":"22890123456"}]
            """#,
            .rejected, true
        ),
    ]

    @Test(arguments: calls)
    func readsCalls(_ value: String, _ phase: CallUpdate.Phase, _ isOwn: Bool) throws {
        let event = try MetaDelivery.only(field: "calls", value: "{\(value)}")
        guard case .call(let call) = event.kind else { throw Unexpected() }
        #expect(call.id == "c" && call.phase == phase && call.isOwn == isOwn)
        #expect(call.contact[.waID] == "22890123456")
    }

    private static let answers: [(String, MessageContent)] = [
        (
            #""interactive":{"type":"call_permission_reply","call_permission_reply":{"#
                + #""response":"accept","expiration_timestamp":1}}"#,
            MessageContent.choice(Choice(source: .button, payload: "accept"))
        ),
        (
            #""interactive":{"type":"product"}"#,
            .unsupported(type: "interactive.product", ProviderFailure())
        ),
        (
            #""errors":[{"code":131051,"title":"T","details":"D"}]"#,
            .unsupported(
                type: "interactive",
                ProviderFailure(code: "131051", title: "T", detail: "D")
            )
        ),
    ]

    @Test(arguments: answers)
    func readsWhatAnInteractiveAnswerSays(_ part: String, _ content: MessageContent) throws {
        let value = #"{"messages":[{"id":"w","from":"1","type":"interactive",\#(part)}]}"#
        #expect(try MetaDelivery.inbound(MetaDelivery.only(value: value)).content == content)
    }

    @Test func tellsWhyAFileCannotBeHad() throws {
        let message = try MetaDelivery.inbound(
            MetaDelivery.only(
                value: #"""
                    {"messages":[{"id":"w","from":"1","type":"image","image":{"id":"7"},
                     "errors":[{"code":131052,"title":"Media download error"}]}]}
                    """#
            )
        )
        guard case .media(let media) = message.content else { throw Unexpected() }
        #expect(media.failure?.code == "131052")
    }
}
