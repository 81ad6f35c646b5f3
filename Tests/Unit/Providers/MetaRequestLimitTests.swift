import FunctionContract
import Providers
import Testing

@Suite struct MetaRequestLimitTests {
    private let channel = ChannelAccess(
        baseURL: "https://graph.facebook.com/",
        token: "TOKEN",
        channelID: "106540352242922",
        accountID: "419561257915477"
    )

    @Test(arguments: [
        (OutboundContent.text(""), "text"), (.text(" \n"), "text"),
        (.text(String(repeating: "a", count: 4097)), "text"),
        (.buttons(ButtonMessage(body: "b", buttons: [])), "buttons"),
        (
            .buttons(
                ButtonMessage(body: "b", buttons: (0..<4).map { .init(id: "\($0)", title: "t") })
            ), "buttons"
        ),
        (
            .buttons(
                ButtonMessage(
                    body: "b",
                    buttons: [.init(id: "1", title: String(repeating: "é", count: 21))]
                )
            ), "button title"
        ),
        (
            .buttons(
                ButtonMessage(
                    body: "b",
                    buttons: [.init(id: "1", title: "a"), .init(id: "1", title: "b")]
                )
            ), "buttons"
        ),
        (
            .buttons(
                ButtonMessage(
                    body: String(repeating: "b", count: 1025),
                    buttons: [.init(id: "1", title: "a")]
                )
            ), "body"
        ),
        (.list(ListMessage(body: "b", button: "m", sections: [.init(rows: rows(11))])), "rows"),
        (.list(ListMessage(body: "b", button: "m", sections: [])), "sections"),
        (
            .list(
                ListMessage(
                    body: "b",
                    button: "m",
                    sections: [.init(rows: rows(1)), .init(rows: rows(1))]
                )
            ), "sections"
        ),
        (
            .buttons(
                ButtonMessage(
                    body: "b",
                    buttons: [.init(id: "1", title: "Oui"), .init(id: "2", title: "Oui")]
                )
            ), "buttons"
        ),
        (
            .buttons(ButtonMessage(body: "b", buttons: [.init(id: " 1", title: "a")])),
            "button id"
        ),
        (
            .list(
                ListMessage(
                    body: "b",
                    button: "m",
                    sections: [.init(title: "a", rows: rows(1)), .init(title: "b", rows: [])]
                )
            ), "sections"
        ),
        (
            .list(
                ListMessage(
                    body: "b",
                    button: "m",
                    sections: [.init(rows: [.init(id: "1 ", title: "a")])]
                )
            ), "row id"
        ),
        (.media(OutboundMedia(.image, .link("ftp://example.org"))), "media link"),
        (.media(OutboundMedia(.audio, .id("1"), caption: "no")), "caption"),
        (.template(TemplateMessage(name: "Promo", language: "fr")), "template name"),
    ])
    func refusesWhatMetaWouldRefuse(content: OutboundContent, field: String) {
        do throws(ProviderError) {
            _ = try Provider.meta.request(
                for: .send(OutboundMessage(to: .phone("+1"), content)),
                through: channel
            )
            Issue.record("accepted")
        } catch {
            #expect(error.description.hasPrefix(field))
        }
    }

    @Test func takesEverythingAtItsLimit() throws {
        _ = try send(
            .text(String(repeating: "é", count: 4096)),
            reference: String(repeating: "r", count: 512)
        )
        let buttons = (0..<3).map {
            ButtonMessage.Button(id: "\($0)", title: String(repeating: "é", count: 19) + "\($0)")
        }
        _ = try send(
            .buttons(ButtonMessage(body: String(repeating: "b", count: 1024), buttons: buttons))
        )
        _ = try send(
            .list(ListMessage(body: "b", button: "m", sections: [.init(rows: Self.rows(10))]))
        )
    }

    @Test(arguments: [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", true),
        ("https://graph.facebook.com/x", true),
        ("https://mmg.whatsapp.net/v/t62", true),
        ("http://lookaside.fbsbx.com/x", false),
        ("https://evilfbsbx.com/x", false),
        ("https://fbsbx.com.evil.org/x", false),
        ("https://fbsbx.com@evil.org/x", false),
        ("https://lookaside.fbsbx.com:8443/x", false),
        ("https://169.254.169.254/latest/meta-data", false),
        ("https://evil.org/?.fbsbx.com", false),
        ("https://evil.org\\.fbsbx.com", false),
        ("file:///etc/passwd", false),
        ("", false),
    ])
    func sendsTheTokenOnlyToMeta(url: String, isAllowed: Bool) {
        let request = try? Provider.meta.request(for: .downloadMedia(.url(url)), through: channel)
        #expect((request != nil) == isAllowed)
    }

    @Test func fetchesMediaFromWhereTheAPIIs() throws {
        let local = ChannelAccess(baseURL: "http://127.0.0.1:4010", token: "T", channelID: "1")
        let source = MediaSource.url("http://127.0.0.1:4010/media/7")
        let request = try Provider.meta.request(for: .downloadMedia(source), through: local)
        #expect(request.url == "http://127.0.0.1:4010/media/7")
        #expect(request.headers["user-agent"] != nil)
        #expect(throws: ProviderError.self) {
            try Provider.meta.request(
                for: .downloadMedia(.url("http://127.0.0.1:4011/media/7")),
                through: local
            )
        }
    }

    @Test(arguments: ["{{1}} bonjour", "Bonjour {{1}}", " {{name}}, bonjour "])
    func refusesATemplateThatBeginsOrEndsWithAVariable(text: String) {
        let definition = TemplateDefinition(
            name: "promo",
            language: "fr",
            category: .utility,
            components: [["type": "body", "text": .string(text)]]
        )
        #expect(throws: ProviderError.self) {
            try Provider.meta.request(for: .createTemplate(definition), through: channel)
        }
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

    private static func rows(_ count: Int) -> [ListMessage.Row] {
        (0..<count).map { ListMessage.Row(id: "\($0)", title: "row") }
    }
}
