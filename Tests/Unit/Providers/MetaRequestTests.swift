import FunctionContract
import Providers
import Testing

@Suite struct MetaRequestTests {
    private let channel = ChannelAccess(
        baseURL: "https://graph.facebook.com/",
        token: "TOKEN",
        channelID: "106540352242922",
        accountID: "419561257915477"
    )
    private let recipient = Recipient.phone("{{Recipient-Phone-Number}}")

    private static let categories: [(TemplateDefinition.Category?, isOn: Bool, edge: String)] = [
        (.marketing, true, "marketing_messages"), (.marketing, false, "messages"),
        (.utility, true, "messages"), (.authentication, true, "messages"),
        (nil, true, "messages"),
    ]

    @Test(arguments: categories)
    func sendsMarketingThroughItsOwnAPIWhereTheChannelSaysSo(
        category: TemplateDefinition.Category?,
        isOn: Bool,
        edge: String
    ) throws {
        var channel = channel
        channel.usesMarketingAPI = isOn
        let template = TemplateMessage(name: "promo", language: "fr", category: category)
        let message = OutboundMessage(to: .phone("+22890123456"), .template(template))
        let request = try Provider.meta.request(for: .send(message), through: channel)
        #expect(request.url == "https://graph.facebook.com/v26.0/106540352242922/\(edge)")
        let text = OutboundMessage(to: .phone("+22890123456"), .text("a"))
        let other = try Provider.meta.request(for: .send(text), through: channel)
        #expect(other.url.hasSuffix("/messages"))
    }

    @Test func addressesTheNumberAndCarriesTheToken() throws {
        let request = try send(.text("Bonjour"), reference: "campaign:42:r:77:m1", replyTo: "w0")
        #expect(request.method == .post)
        #expect(request.url == "https://graph.facebook.com/v26.0/106540352242922/messages")
        #expect(request.headers["authorization"] == "Bearer TOKEN")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.description == "POST \(request.url)")
        let expected = #"""
            {"messaging_product":"whatsapp","recipient_type":"individual","to":"+22890123456",
             "type":"text",
             "text":{"body":"Bonjour","preview_url":false},"context":{"message_id":"w0"},
             "biz_opaque_callback_data":"campaign:42:r:77:m1"}
            """#
        #expect(try body(request) == JSON(parsing: expected).sorted)
    }

    @Test(arguments: [
        (
            OutboundContent.reaction(to: "wamid.HBgLM...", emoji: "😀"),
            "send_reply_with_reaction_message"
        ),
        (.media(OutboundMedia(.audio, .id("<AUDIO_OBJECT_ID>"))), "send_audio_message_by_id"),
        (
            .media(
                OutboundMedia(
                    .document,
                    .link("http://document-url"),
                    caption: "<DOCUMENT-CAPTION-TEXT>"
                )
            ),
            "send_document_message_by_url"
        ),
        (
            .buttons(
                ButtonMessage(
                    body: "<BUTTON_TEXT>",
                    buttons: [
                        .init(id: "<UNIQUE_BUTTON_ID_1>", title: "<BUTTON_TITLE_1>"),
                        .init(id: "<UNIQUE_BUTTON_ID_2>", title: "<BUTTON_TITLE_2>"),
                    ]
                )
            ), "send_reply_button"
        ),
        (
            .list(
                ListMessage(
                    header: "<HEADER_TEXT>",
                    body: "<BODY_TEXT>",
                    footer: "<FOOTER_TEXT>",
                    button: "<BUTTON_TEXT>",
                    sections: [section(1), section(2)]
                )
            ),
            "send_list_message"
        ),
    ])
    func writesWhatTheDocumentationShows(content: OutboundContent, fixture: String) throws {
        let message = OutboundMessage(to: recipient, content)
        let request = try Provider.meta.request(for: .send(message), through: channel)
        let shown = try Fixture.json("meta/openapi-messages/post.req.\(fixture).json").text
            .replacing("<http(s)://document-url>", with: "http://document-url")
        #expect(try body(request) == JSON(parsing: shown).sorted)
    }

    @Test func writesATemplateWithNamedAndPositionalValues() throws {
        let template = TemplateMessage(
            name: "promo_2026",
            language: "fr",
            header: .media(OutboundMedia(.image, .link("https://example.org/a.jpg"))),
            body: [.init("Ana", name: "first_name"), .init("10 %")],
            buttons: [.quickReply(index: 0, payload: "yes"), .url(index: 1, suffix: "ana")]
        )
        let expected = #"""
            {"name":"promo_2026","language":{"code":"fr","policy":"deterministic"},"components":[
             {"type":"header","parameters":[{"type":"image",
              "image":{"link":"https://example.org/a.jpg"}}]},
             {"type":"body","parameters":[{"type":"text","parameter_name":"first_name",
              "text":"Ana"},{"type":"text","text":"10 %"}]},
             {"type":"button","sub_type":"quick_reply","index":"0",
              "parameters":[{"type":"payload","payload":"yes"}]},
             {"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text",
              "text":"ana"}]}]}
            """#
        #expect(try body(send(.template(template)))["template"] == JSON(parsing: expected).sorted)
    }

    @Test func marksAsReadAndShowsTyping() throws {
        let id = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUYzMjEzNDM2RTZGQ0MzMDJBRgA="
        let request = try Provider.meta.request(
            for: .markRead(messageID: id, from: recipient, showsTyping: true),
            through: channel
        )
        let fixture = "meta/openapi-messages/post.req.send_typing_indicator_and_read_receipt.json"
        #expect(try body(request) == Fixture.json(fixture).sorted)
        let plain = try Provider.meta.request(
            for: .markRead(messageID: id, from: recipient, showsTyping: false),
            through: channel
        )
        #expect(try body(plain)["typing_indicator"] == nil)
    }

    @Test func writesToAUserIDWhereThereIsNoNumber() throws {
        let message = OutboundMessage(to: .identity(ContactIdentity(.bsuid, "US.13")), .text("Hi"))
        let json = try body(Provider.meta.request(for: .send(message), through: channel))
        #expect(json["recipient"] == "US.13")
        #expect(json["to"] == nil)
    }

    @Test(arguments: [ProviderOperation.checkNumber("+1"), .typing(to: .phone("+1"), isOn: true)])
    func saysWhatItCannotDo(operation: ProviderOperation) {
        #expect(throws: ProviderError.unsupported(operation.capability, .meta)) {
            try Provider.meta.request(for: operation, through: channel)
        }
    }

    @Test func managesTemplates() throws {
        let list = try Provider.meta.request(for: .listTemplates(after: "MjQZD"), through: channel)
        #expect(list.method == .get)
        #expect(
            list.url.hasPrefix(
                "https://graph.facebook.com/v26.0/419561257915477/message_templates?"
            )
        )
        #expect(list.url.hasSuffix("&after=MjQZD"))
        let delete = try Provider.meta.request(
            for: .deleteTemplate(name: "promo"),
            through: channel
        )
        #expect(delete.method == .delete)
        #expect(delete.url.hasSuffix("/message_templates?name=promo"))
        let definition = TemplateDefinition(
            name: "promo",
            language: "fr",
            category: .marketing,
            components: [
                ["type": "BODY", "text": "Bonjour {{1}} !", "example": ["body_text": [["Ana"]]]]
            ]
        )
        let create = try body(
            Provider.meta.request(for: .createTemplate(definition), through: channel)
        )
        #expect(create["category"] == "MARKETING")
        #expect(create["parameter_format"] == "POSITIONAL")
    }

    @Test func escapesEveryPartOfAnAddress() throws {
        let request = try Provider.meta.request(
            for: .mediaAddress(id: "../me?x=1"),
            through: channel
        )
        #expect(request.url == "https://graph.facebook.com/v26.0/..%2Fme%3Fx%3D1")
    }

    private func send(
        _ content: OutboundContent,
        reference: String? = nil,
        replyTo: String? = nil
    ) throws -> ProviderRequest {
        let message = OutboundMessage(
            to: .phone("+22890123456"),
            content,
            reference: reference,
            replyTo: replyTo
        )
        return try Provider.meta.request(for: .send(message), through: channel)
    }

    private func body(_ request: ProviderRequest) throws -> JSON {
        try JSONParser.parse(try #require(request.body)).sorted
    }

    private static func section(_ number: Int) -> ListMessage.Section {
        let prefix = number == 1 ? "<SECTION_1" : "<SECTION_2"
        return ListMessage.Section(
            title: "<LIST_SECTION_\(number)_TITLE>",
            rows: (1...2).map { row in
                ListMessage.Row(
                    id: "<LIST_SECTION_\(number)_ROW_\(row)_ID>",
                    title: "\(prefix)_ROW_\(row)_TITLE>",
                    detail: "\(prefix)_ROW_\(row)_DESC>"
                )
            }
        )
    }
}
