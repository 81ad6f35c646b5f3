import FunctionContract
import Testing

@testable import Providers

@Suite struct MenuTextTests {
    private let channel = ChannelAccess(baseURL: "http://h", token: "t", channelID: "7")

    @Test func buttonsAreNumberedWhereThereAreNone() throws {
        let buttons = ButtonMessage(
            header: "Rendez-vous",
            body: "Venez-vous ?",
            footer: "Clinique",
            buttons: [.init(id: "y", title: "Oui"), .init(id: "n", title: "Non")]
        )
        #expect(
            try text(.buttons(buttons), by: .wassenger)
                == "*Rendez-vous*\n\nVenez-vous ?\n\n1. Oui\n2. Non\n\n_Clinique_"
        )
    }

    @Test(arguments: [Provider.wassenger, .respondIO])
    func menusAreCountedThroughAllSections(provider: Provider) throws {
        let list = ListMessage(
            body: "Que cherchez-vous ?",
            button: "Menu",
            sections: [
                .init(title: "Soins", rows: [.init(id: "1", title: "Vaccin", detail: "gratuit")]),
                .init(title: "Autre", rows: [.init(id: "2", title: "Horaires")]),
            ]
        )
        let expected = """
            Que cherchez-vous ?

            *Soins*
            1. Vaccin – gratuit
            *Autre*
            2. Horaires
            """
        #expect(try text(.list(list), by: provider) == expected)
    }

    @Test func whatNoProviderWouldTakeIsRefusedHereToo() {
        let button = ButtonMessage.Button(id: "1", title: "Oui")
        let buttons = ButtonMessage(body: "?", buttons: [button, button])
        #expect(throws: ProviderError.self) { try text(.buttons(buttons), by: .wassenger) }
    }

    private func text(_ content: OutboundContent, by provider: Provider) throws -> String? {
        let message = OutboundMessage(to: .phone("+22890123456"), content)
        let json = try provider.request(for: .send(message), through: channel).json
        return (json["message"]?["text"] ?? json["message"])?.string
    }
}
