import FunctionContract
@testable import Providers
import Testing

@Suite struct MetaEventTests {
    @Test func readsATextMessage() throws {
        let event = try MetaDelivery.only(
            Fixture.bytes("meta/openapi-webhooks/post.req.text_message.json")
        )
        let id = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA="
        let message = try MetaDelivery.inbound(event)
        #expect(event.dedupeKey == "m:" + id)
        #expect(event.channel.id == "106540352242922")
        #expect(event.channel.accountID == "419561257915477")
        #expect(event.channel.phone == "15550783881")
        #expect(event.occurredAt == Timestamp(milliseconds: 1_749_416_383_000))
        #expect(message.id == MessageID(id))
        #expect(message.content == .text("Does it come in another color?"))
        #expect(message.sender.identities == [ContactIdentity(.waID, "16505551234")])
        #expect(message.sender.identities.first?.dialled == "+16505551234")
        #expect(message.sender.profileName == "Sheena Nelson")
        #expect(message.chat.kind == .direct)
        #expect(message.replyTo == nil)
    }

    @Test func readsButtonsAndMenusWithWhatTheyAnswer() throws {
        let folder = "meta/openapi-webhooks/post.req."
        let template = try MetaDelivery.inbound(
            MetaDelivery.only(Fixture.bytes(folder + "button_message.json"))
        )
        #expect(MetaDelivery.choice(template)?.source == .templateButton)
        #expect(MetaDelivery.choice(template)?.payload == "Unsubscribe")
        #expect(
            template.replyTo?.messageID?.value
                == "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBJFNjk2OTMwNEZCQjhGMzUyQUYA"
        )
        let button = try MetaDelivery.inbound(
            MetaDelivery.only(Fixture.bytes(folder + "interactive_button_reply_message.json"))
        )
        #expect(MetaDelivery.choice(button)?.payload == "cancel-button")
        #expect(button.text == "Cancel")
        let row = try MetaDelivery.inbound(
            MetaDelivery.only(Fixture.bytes(folder + "interactive_list_reply_message.json"))
        )
        #expect(MetaDelivery.choice(row)?.source == .list)
        #expect(MetaDelivery.choice(row)?.payload == "priority_express")
        #expect(MetaDelivery.choice(row)?.detail == "Next Day to 2 Days")
    }

    @Test func readsMediaReactionsPlacesCardsAndOrders() throws {
        let folder = "meta/openapi-webhooks/post.req."
        guard
            case .media(let image) = try MetaDelivery.inbound(
                MetaDelivery.only(Fixture.bytes(folder + "image_message.json"))
            )
            .content
        else { throw Unexpected() }
        #expect(image.kind == .image)
        #expect(image.id == "1003383421387256")
        #expect(image.caption == "Taj Mahal")
        #expect(image.sha256 == "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=")
        guard
            case .reaction(let reaction) = try MetaDelivery.only(
                Fixture.bytes(folder + "reaction_message.json")
            )
            .kind
        else { throw Unexpected() }
        #expect(reaction.emoji == "👍")
        #expect(
            reaction.target.value == "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI0RTJEOTc2ODVERUY5RDlGNkYA"
        )
        let place = try MetaDelivery.inbound(
            MetaDelivery.only(Fixture.bytes(folder + "location_message.json"))
        )
        #expect(place.text == "Philz Coffee")
        guard
            case .contacts(let cards) = try MetaDelivery.inbound(
                MetaDelivery.only(Fixture.bytes(folder + "contact_sharing_message.json"))
            ).content
        else { throw Unexpected() }
        #expect(cards.first?.name == "Lucía Gómez")
        #expect(cards.first?.phones == ["+1 (983) 555-2319"])
        guard
            case .order(let order) = try MetaDelivery.inbound(
                MetaDelivery.only(Fixture.bytes(folder + "order_message.json"))
            )
            .content
        else { throw Unexpected() }
        #expect(order.items.map(\.quantity) == [2, 1])
        #expect(order.items.first?.unitPrice == 30)
    }

    @Test func readsANumberChange() throws {
        let folder = "meta/openapi-webhooks/post.req."
        guard
            case .identityChanged(let change) = try MetaDelivery.only(
                Fixture.bytes(folder + "system_message.json")
            ).kind
        else { throw Unexpected() }
        #expect(change.old[.waID] == "16505551234")
        #expect(change.new[.waID] == "12195555358")
    }

    @Test func keepsAnUnsupportedMessageWithItsReason() throws {
        let message = try MetaDelivery.inbound(
            MetaDelivery.only(
                Fixture.bytes("meta/openapi-webhooks/post.req.unsupported_message.json")
            )
        )
        guard case .unsupported(let type, let failure) = message.content else { throw Unexpected() }
        #expect(type == "unsupported")
        #expect(failure.code == "131051")
        #expect(failure.detail == "Message type is currently not supported.")
    }

    @Test func readsMessagesAndStatusesOfOneValueAndOfSeveralEntries() throws {
        let body = #"""
            {"object":"whatsapp_business_account","entry":[
             {"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"A"},
              "messages":[{"id":"w1","from":"22890000001","timestamp":1749416383,"type":"text",
               "text":{"body":"a"}},
                          {"id":"w2","from":"22890000002","timestamp":"1749416384","type":"text",
                           "text":{"body":"b"}}],
              "statuses":[{"id":"w3","status":"delivered","timestamp":"1749416385"}]}}]},
             {"id":"2","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"B"},
              "statuses":[{"id":"w4","status":"read"}]}},{"field":"flows","value":{}}]}]}
            """#
        let events = try Provider.meta.events(in: Array(body.utf8))
        #expect(events.map(\.channel.id) == ["A", "A", "A", "B", nil])
        #expect(
            events.prefix(4).map(\.dedupeKey) == ["m:w1", "m:w2", "s:w3:delivered", "s:w4:read"]
        )
        #expect(events[0].occurredAt == Timestamp(milliseconds: 1_749_416_383_000))
        #expect(events[4].kind == .unknown(UnknownEvent(place: "entry[1].changes[1].flows")))
    }

    @Test func readsAFailureWithItsPriceAndOurReference() throws {
        let event = try MetaDelivery.only(
            value: #"""
                {"statuses":[{"id":"w","status":"failed","timestamp":"1749416385",
                 "recipient_id":"229","recipient_user_id":"BJ.1",
                "biz_opaque_callback_data":"campaign:42:r:77:m1","pricing":{"billable":false,
                 "pricing_model":"PMP","type":"regular","category":"marketing"},
                "errors":[{"code":131049,"title":"T","message":"M","error_data":{"details":"D"}}]}]}
                """#
        )
        guard case .status(let status) = event.kind else { throw Unexpected() }
        #expect(status.status == .failed)
        #expect(status.reference == "campaign:42:r:77:m1")
        #expect(status.failure == ProviderFailure(code: "131049", title: "T", detail: "D"))
        #expect(
            status.recipient.identities == [
                ContactIdentity(.waID, "229"), ContactIdentity(.bsuid, "BJ.1"),
            ]
        )
        #expect(status.pricing?.isBillable == false)
        #expect(status.pricing?.category == "marketing")
    }

    @Test func readsEditsAndRevocations() throws {
        let events = try Provider.meta.events(
            in: MetaDelivery.envelope(
                #"""
                {"messages":[
                 {"id":"w1","from":"1","type":"edit","edit":{"original_message_id":"o1",
                  "message":{"type":"text","text":{"body":"new"}}}},
                 {"id":"w2","from":"1","type":"revoke","revoke":{"original_message_id":"o2"}}]}
                """#
            )
        )
        guard case .edited(let edit) = events[0].kind, case .revoked(let revoked) = events[1].kind
        else { throw Unexpected() }
        #expect(edit.target == MessageID("o1"))
        #expect(edit.content == .text("new"))
        #expect(revoked.target == MessageID("o2"))
    }

    @Test func readsOurOwnMessagesFromThePhone() throws {
        let body = #"""
            {"entry":[{"id":"1","changes":[{"field":"smb_message_echoes",
             "value":{"metadata":{"phone_number_id":"A"},
            "message_echoes":[{"from":"15550783881","to":"16505551234","id":"w",
             "timestamp":"1749416383","type":"text","text":{"body":"from the phone"}}]}}]}]}
            """#
        guard case .echo(let echo) = try MetaDelivery.only(Array(body.utf8)).kind else {
            throw Unexpected()
        }
        #expect(echo.recipient[.waID] == "16505551234")
        #expect(echo.text == "from the phone")
    }

    @Test(arguments: [("stop", false), ("resume", true), ("signup", true)])
    func readsMarketingPreferences(word: String, allows: Bool) throws {
        let event = try MetaDelivery.only(
            field: "user_preferences",
            value:
                #"""
                {"user_preferences":[{"wa_id":"1","category":"marketing_messages",
                 "value":"\#(word)","timestamp":1749416383}]}
                """#
        )
        guard case .preference(let preference) = event.kind else { throw Unexpected() }
        #expect(preference.allowsMarketing == allows)
        #expect(preference.party[.waID] == "1")
        #expect(event.occurredAt == Timestamp(milliseconds: 1_749_416_383_000))
    }

    @Test(arguments: [
        (
            "message_template_status_update",
            #"""
            {"event":"PAUSED","message_template_id":12,"message_template_name":"promo",
             "message_template_language":"fr","reason":"NONE",
             "other_info":{"title":"FIRST_PAUSE"}}
            """#,
            TemplateUpdate.Change.status("PAUSED", reason: "FIRST_PAUSE")
        ),
        (
            "message_template_status_update",
            #"""
            {"event":"REJECTED","message_template_id":12,"message_template_name":"promo",
             "message_template_language":"fr","reason":"INVALID_FORMAT"}
            """#,
            .status("REJECTED", reason: "INVALID_FORMAT")
        ),
        (
            "message_template_quality_update",
            #"""
            {"previous_quality_score":"GREEN","new_quality_score":"RED",
             "message_template_id":12,"message_template_name":"promo",
             "message_template_language":"fr"}
            """#,
            .quality(from: "GREEN", to: "RED")
        ),
        (
            "template_category_update",
            #"""
            {"message_template_id":12,"message_template_name":"promo",
             "message_template_language":"fr","previous_category":"UTILITY",
             "new_category":"MARKETING"}
            """#,
            .category(from: "UTILITY", to: "MARKETING")
        ),
    ])
    func readsTemplateNews(field: String, value: String, change: TemplateUpdate.Change) throws {
        guard case .template(let update) = try MetaDelivery.only(field: field, value: value).kind
        else {
            throw Unexpected()
        }
        #expect(update == TemplateUpdate(id: "12", name: "promo", language: "fr", change: change))
    }

    @Test func readsAccountNews() throws {
        let event = try MetaDelivery.only(
            field: "phone_number_quality_update",
            value:
                #"""
                {"display_phone_number":"15550783881","event":"THROUGHPUT_UPGRADE",
                 "current_limit":"TIER_100K"}
                """#
        )
        guard case .account(let update) = event.kind else { throw Unexpected() }
        #expect(update.event == "THROUGHPUT_UPGRADE")
        #expect(update.limit == "TIER_100K")
        #expect(event.channel.phone == "15550783881")
    }
}
