import FunctionContract
import Testing

@testable import Providers

/// The values of a template, as each provider that has templates gets them.
@Suite struct TemplateValueTests {
    private static let providers: [Provider] = Provider.allCases.filter {
        $0.capabilities.contains(.template)
    }

    private static let values: [(given: String, sent: String)] = [
        ("Awa", "Awa"),
        ("deux\nlignes", "deux lignes"),
        ("deux\r\nlignes", "deux lignes"),
        ("un\n\n\nparagraphe", "un paragraphe"),
        ("une\ttabulation", "une tabulation"),
        ("quatre    espaces", "quatre    espaces"),
        ("cinq     espaces", "cinq espaces"),
        ("mêlés \t  \n  espaces", "mêlés espaces"),
        ("\n  Awa \n", "Awa"),
        ("ligne\u{2028}séparée", "ligne séparée"),
    ]

    private func request(
        _ template: TemplateMessage,
        _ provider: Provider
    ) throws -> ProviderRequest {
        let access = ChannelAccess(
            baseURL: "https://x",
            token: "t",
            channelID: "12",
            accountID: "AC1"
        )
        let message = OutboundMessage(to: .phone("+22890123456"), .template(template))
        return try provider.request(for: .send(message), through: access)
    }

    @Test(arguments: providers, values)
    func goOutOnOneLine(provider: Provider, value: (given: String, sent: String)) throws {
        var template = TemplateMessage(id: "HX1", name: "promo", language: "fr")
        template.body = [.init(value.given)]
        let body = try request(template, provider).sentText
        #expect(body.contains(JSON.string(value.sent).text.dropFirst().dropLast()))
        #expect(!body.contains("\\n") && !body.contains("\\t") && !body.contains("     "))
    }

    @Test(arguments: providers, ["", "   ", "\n\t"])
    func mustSaySomething(provider: Provider, empty: String) {
        var template = TemplateMessage(id: "HX1", name: "promo", language: "fr")
        template.body = [.init("Awa"), .init(empty)]
        #expect(
            throws: ProviderError.invalid(field: "variable 2", reason: "it is empty")
        ) { try request(template, provider) }
        template.body = [.init(empty, name: "prenom")]
        #expect(
            throws: ProviderError.invalid(field: "variable prenom", reason: "it is empty")
        ) { try request(template, provider) }
    }

    @Test(arguments: [
        OutboundMedia(.audio, .link("https://x/a.ogg")),
        OutboundMedia(.sticker, .link("https://x/a.webp")),
        OutboundMedia(.image, .link("https://x/a.jpg"), caption: "a"),
    ])
    func noSuchFileStandsAboveATemplate(media: OutboundMedia) {
        var template = TemplateMessage(id: "HX1", name: "promo", language: "fr")
        template.header = .media(media)
        #expect(throws: ProviderError.self) { try request(template, .meta) }
    }

    @Test(arguments: [
        TemplateMessage.Button.url(index: 0, suffix: ""), .quickReply(index: 1, payload: " "),
        .copyCode(index: 0, code: ""),
    ])
    func noButtonHasAnEmptyValue(button: TemplateMessage.Button) {
        var template = TemplateMessage(id: "HX1", name: "promo", language: "fr")
        template.buttons = [button]
        #expect(throws: ProviderError.self) { try request(template, .meta) }
    }
}

extension ProviderRequest {
    /// The body as text; of a form, what its fields say.
    fileprivate var sentText: String {
        PercentEncoding.decode(
            String(decoding: body ?? [], as: UTF8.self).replacing("+", with: " ")
        )
    }
}
