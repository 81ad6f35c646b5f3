import Database
import FunctionContract
import Providers
import Testing

@testable import Campaigns
@testable import Messages

/// Addresses that stand in the value of a variable instead of in a text.
struct TrackedLinkTests {
    private let id = UUID.v7()

    @Test("an address in a variable of a text is tracked like one in the text itself")
    func inTexts() throws {
        let content = try content(.text(try MessageText("{{offre}} et https://b.fr")))
        #expect(content.links.map(\.text) == ["https://b.fr", "https://a.fr"])
        guard case .text(let text) = content.opening else { return #expect(Bool(false)) }
        let written = try content.written(text, to: ContactValues(firstName: "Ana"), message: id)
        #expect(written == "Ana : \(tracked(1)) et \(tracked(0))")
    }

    @Test("an address in a variable of a template is tracked, a file is fetched where it lies")
    func inTemplates() throws {
        let form = form([
            TemplateForm.Variable(.headerImage, name: "image"),
            TemplateForm.Variable(.body, name: "offre"),
        ])
        let content = try content(.template(form))
        #expect(content.links.map(\.text) == ["https://a.fr"])
        let values = try content.values(of: form, for: ContactValues(firstName: "Ana"), message: id)
        #expect(values == ["https://cdn.fr/i.jpg", "Ana : \(tracked(0))"])
    }

    @Test("a button that leads through our links carries the token of its address")
    func inButtons() throws {
        let button = TemplateForm.Variable(
            .buttonURL,
            name: "lien",
            address: "https://r.example/l/{{1}}"
        )
        let form = form([button])
        let content = try content(.template(form))
        #expect(content.links.map(\.text) == ["https://c.fr/promo?x=1"])
        let values = try content.values(of: form, for: ContactValues(), message: id)
        #expect(values == [LinkToken(message: id, position: 0).text])
        #expect(form.message(values).buttons == [.url(index: 0, suffix: values[0])])
    }

    @Test("a button that leads elsewhere keeps its ending, and the whole must be an address")
    func untrackedButtons() throws {
        let button = TemplateForm.Variable(
            .buttonURL,
            name: "contact.first_name",
            address: "https://shop.fr/{{1}}"
        )
        let form = form([button])
        let content = try content(.template(form))
        #expect(content.links.isEmpty)
        let values = try content.values(of: form, for: ContactValues(firstName: "a"), message: id)
        #expect(values == ["a"])
        #expect(throws: MissingValue(name: "contact.first_name")) {
            try content.values(of: form, for: ContactValues(firstName: "a b"), message: id)
        }
    }

    @Test("a tracked button whose address is not one and the same for everybody is refused")
    func personalButtons() {
        let button = TemplateForm.Variable(
            .buttonURL,
            name: "offre",
            address: "https://r.example/l/{{1}}"
        )
        #expect(throws: CampaignError.self) { try content(.template(form([button]))) }
    }

    @Test("without tracking every address stays as it is")
    func untracked() throws {
        let form = form([TemplateForm.Variable(.body, name: "offre")])
        let content = try content(.template(form), linkBase: nil)
        let values = try content.values(of: form, for: ContactValues(firstName: "Ana"), message: id)
        #expect(values == ["Ana : https://a.fr"])
    }

    @Test("where a button leads is kept with its variable")
    func isStored() {
        let button = TemplateForm.Variable(.buttonURL, name: "lien", address: "https://r.fr/{{1}}")
        #expect(form([button]).storedVariables.contains(#""address":"https://r.fr/{{1}}""#))
    }

    private func tracked(_ position: Int) -> String {
        "https://r.example/l/" + LinkToken(message: id, position: position).text
    }

    private func content(
        _ opening: CampaignContent.Opening,
        linkBase: String? = "https://r.example/l"
    ) throws -> CampaignContent {
        try CampaignContent(
            opening,
            followUp: nil,
            variables: try CampaignVariables([
                "offre": "{{contact.first_name}} : https://a.fr",
                "image": "https://cdn.fr/i.jpg",
                "lien": "https://c.fr/promo?x=1",
            ]),
            linkBase: linkBase
        )
    }

    private func form(_ variables: [TemplateForm.Variable]) -> TemplateForm {
        TemplateForm(
            name: "promo",
            language: "fr",
            category: .marketing,
            body: "Bonjour {{offre}}",
            variables: variables,
            status: .approved
        )
    }
}
