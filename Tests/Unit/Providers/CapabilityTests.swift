import FunctionContract
import Testing

@testable import Providers

@Suite struct CapabilityTests {
    private static let operations: [ProviderOperation] = [
        .send(OutboundMessage(to: phone, .text("a"))),
        .send(OutboundMessage(to: phone, .template(template))),
        .send(OutboundMessage(to: phone, .buttons(ButtonMessage(body: "b", buttons: [button])))),
        .send(OutboundMessage(to: phone, .list(list))),
        .send(OutboundMessage(to: phone, .media(OutboundMedia(.image, .link("https://x/a"))))),
        .send(OutboundMessage(to: phone, .media(OutboundMedia(.image, .id("1"))))),
        .send(OutboundMessage(to: phone, .reaction(to: "m", emoji: "👍"))),
        .markRead(messageID: "m", from: phone, showsTyping: false),
        .typing(to: phone, isOn: true), .checkNumber("+22990123456"),
        .lookUpMessage(id: "m", contact: phone), .mediaAddress(id: "1"),
        .searchMessage(
            MessageSearch(
                OutboundMessage(to: phone, .text("a"), reference: "m"),
                since: Timestamp(milliseconds: 0)
            )
        ),
        .listTemplates(after: nil), .deleteTemplate(name: "p"),
        .createTemplate(
            TemplateDefinition(
                name: "p",
                language: "fr",
                category: .utility,
                components: [["type": "BODY", "text": "a"]]
            )
        ),
    ]

    private static let template = TemplateMessage(id: "HX1", name: "p", language: "fr")
    private static let phone = Recipient.phone("+22990123456")
    private static let button = ButtonMessage.Button(id: "1", title: "t")
    private static let list = ListMessage(
        body: "b",
        button: "m",
        sections: [.init(rows: [.init(id: "1", title: "t")])]
    )

    @Test(arguments: Provider.allCases)
    func buildsEveryOperationThatItSaysItCan(provider: Provider) {
        let channel = ChannelAccess(
            baseURL: "http://127.0.0.1:4010/",
            token: "SECRET",
            channelID: "1",
            accountID: "2"
        )
        for operation in Self.operations {
            do throws(ProviderError) {
                let request = try provider.request(for: operation, through: channel)
                let isInWords = [.buttons, .list].contains(operation.capability)
                #expect(isInWords || provider.capabilities.contains(operation.capability))
                #expect(request.url.hasPrefix("http://127.0.0.1:4010/"))
                #expect(!request.description.contains("SECRET"))
                let basic = Base64.encode(Array("2:SECRET".utf8))
                #expect(
                    request.headers.fields.contains {
                        $0.value.contains("SECRET") || $0.value.contains(basic)
                    }
                )
            } catch {
                #expect(error == .unsupported(operation.capability, provider))
                #expect(!provider.capabilities.contains(operation.capability))
            }
        }
    }

    @Test func neverWritesASecretIntoALog() {
        let channel = ChannelAccess(baseURL: "http://x", token: "SECRET", channelID: "1")
        let secrets = WebhookSecrets(signing: ["SECRET"], address: ["SECRET"])
        let webhook = StandardWebhookSecret.random()
        #expect(!"\(channel) \(secrets)".contains("SECRET"))
        #expect(!"\(webhook)".contains(webhook.text.dropFirst(6)))
        #expect(!String(reflecting: channel).contains("SECRET"))
    }
}
