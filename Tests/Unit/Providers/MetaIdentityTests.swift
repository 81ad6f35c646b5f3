import FunctionContract
import Testing

@testable import Providers

/// Who a webhook of Meta is about, wherever it says so.
@Suite struct MetaIdentityTests {
    private static let recipients: [(String, String, [ContactIdentity])] = [
        (
            #""recipient_id":"22890123456","recipient_user_id":"TG.1""#, "",
            [ContactIdentity(.waID, "22890123456"), ContactIdentity(.bsuid, "TG.1")]
        ),
        (
            #""recipient_id":"22890123456""#,
            #""contacts":[{"wa_id":"22890123456","user_id":"TG.1","parent_user_id":"TG.ENT.1"}],"#,
            [
                ContactIdentity(.waID, "22890123456"), ContactIdentity(.bsuid, "TG.1"),
                ContactIdentity(.parentBSUID, "TG.ENT.1"),
            ]
        ),
        (
            #""recipient_user_id":"TG.1""#,
            #""contacts":[{"wa_id":"22890123456","user_id":"TG.1"}],"#,
            [ContactIdentity(.bsuid, "TG.1"), ContactIdentity(.waID, "22890123456")]
        ),
        (
            #""recipient_id":"22890123456""#,
            #""contacts":[{"wa_id":"22899999999","user_id":"TG.9"}],"#,
            [ContactIdentity(.waID, "22890123456")]
        ),
        (
            #""recipient_id":"22890123456","recipient_parent_user_id":"TG.ENT.1""#, "",
            [ContactIdentity(.waID, "22890123456"), ContactIdentity(.parentBSUID, "TG.ENT.1")]
        ),
        (
            #""recipient_id":"22890123456","parent_recipient_user_id":"TG.ENT.1""#, "",
            [ContactIdentity(.waID, "22890123456"), ContactIdentity(.parentBSUID, "TG.ENT.1")]
        ),
        (
            #"""
            "recipient_id":"group1","recipient_type":"group",
            "recipient_participant_id":"22890123456","recipient_participant_user_id":"TG.1"
            """#, "", [ContactIdentity(.waID, "22890123456"), ContactIdentity(.bsuid, "TG.1")]
        ),
        (
            #""recipient_id":"group1","recipient_type":"group","participant":"22890123456""#, "",
            [ContactIdentity(.waID, "22890123456")]
        ),
    ]

    @Test(arguments: recipients)
    func joinsTheNamesOfARecipient(
        _ recipient: String,
        _ contacts: String,
        _ expected: [ContactIdentity]
    ) throws {
        let event = try MetaDelivery.only(
            value: #"{\#(contacts)"statuses":[{"id":"w","status":"read",\#(recipient)}]}"#
        )
        guard case .status(let status) = event.kind else { throw Unexpected() }
        #expect(status.recipient.identities == expected)
    }

    @Test func tellsTheMembersOfAGroupApart() throws {
        let events = try Provider.meta.events(
            in: MetaDelivery.envelope(
                #"""
                {"statuses":[
                 {"id":"w","status":"read","recipient_id":"g","recipient_type":"group",
                  "recipient_participant_id":"22890000001"},
                 {"id":"w","status":"read","recipient_id":"g","recipient_type":"group",
                  "recipient_participant_user_id":"TG.2"}]}
                """#
            )
        )
        #expect(events.map(\.dedupeKey) == ["s:w:read:22890000001", "s:w:read:TG.2"])
    }

    private static let changes: [(String, [ContactIdentity], [ContactIdentity])] = [
        (
            #""from":"22890123456","system":{"type":"user_changed_number","wa_id":"22890999999"}"#,
            [ContactIdentity(.waID, "22890123456")], [ContactIdentity(.waID, "22890999999")]
        ),
        (
            #"""
            "from":"22890123456","system":{"type":"user_changed_number","wa_id":"22890999999",
             "previous_user_id":"TG.1","user_id":"TG.2"}
            """#,
            [ContactIdentity(.waID, "22890123456"), ContactIdentity(.bsuid, "TG.1")],
            [ContactIdentity(.waID, "22890999999"), ContactIdentity(.bsuid, "TG.2")]
        ),
        (
            #"""
            "system":{"type":"user_changed_user_id","user_id":"TG.2","previous_user_id":"TG.1"}
            """#,
            [ContactIdentity(.bsuid, "TG.1")], [ContactIdentity(.bsuid, "TG.2")]
        ),
        (
            #"""
            "from":"22890123456","from_user_id":"TG.2",
            "system":{"type":"user_changed_user_id","user_id":"TG.2","previous_user_id":"TG.1"}
            """#,
            [ContactIdentity(.waID, "22890123456"), ContactIdentity(.bsuid, "TG.1")],
            [ContactIdentity(.bsuid, "TG.2")]
        ),
    ]

    @Test(arguments: changes)
    func readsWhoChangedIntoWhom(
        _ message: String,
        _ old: [ContactIdentity],
        _ new: [ContactIdentity]
    ) throws {
        let event = try MetaDelivery.only(
            value: #"{"messages":[{"id":"w","type":"system",\#(message)}]}"#
        )
        guard case .identityChanged(let change) = event.kind else { throw Unexpected() }
        #expect(change.old.identities == old)
        #expect(change.new.identities == new)
    }

    @Test(arguments: [
        ("messages", #""messages":[{"id":"w","type":"text","text":{"body":"a"}}]"#),
        (
            "messages",
            #""messages":[{"id":"w","type":"reaction","reaction":{"message_id":"t","emoji":"a"}}]"#
        ),
        (
            "messages",
            #"""
            "messages":[{"id":"w","type":"system",
             "system":{"type":"user_changed_number","wa_id":"22890999999"}}]
            """#
        ),
        (
            "user_preferences",
            #""user_preferences":[{"category":"marketing_messages","value":"stop"}]"#
        ),
        ("calls", #""calls":[{"id":"c","event":"connect"}]"#),
    ])
    func countsWhatNobodyIsNamedForAsUnknown(_ field: String, _ value: String) throws {
        let event = try MetaDelivery.only(field: field, value: "{\(value)}")
        guard case .unknown = event.kind else { throw Unexpected() }
    }

    @Test func findsWhoLeavesAmongTheContacts() throws {
        let event = try MetaDelivery.only(
            field: "user_preferences",
            value: #"""
                {"contacts":[{"wa_id":"22890123456","user_id":"TG.1"}],
                 "user_preferences":[{"category":"marketing_messages","value":"stop"}]}
                """#
        )
        guard case .preference(let preference) = event.kind else { throw Unexpected() }
        #expect(
            preference.party.identities
                == [ContactIdentity(.waID, "22890123456"), ContactIdentity(.bsuid, "TG.1")]
        )
    }
}
