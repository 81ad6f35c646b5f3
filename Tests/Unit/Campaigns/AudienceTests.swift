import Database
import FunctionContract
import Providers
import Testing

@testable import Campaigns
@testable import Messages

struct AudienceTests {
    private let now = Timestamp(microseconds: 1_790_000_000_000_000)

    @Test("a contact with consent and a number gets the text written for them")
    func writes() throws {
        var audience = try audience(
            .text("Bonjour {{contact.first_name}}"),
            followUp: "Merci {{x}}"
        )
        var ana = candidate("+22997000001")
        ana.values = ContactValues(firstName: "Ana")
        let message = try audience.admit(ana, as: .v7()).get()
        #expect(message.body == "Bonjour Ana")
        #expect(message.followUp == "Merci beaucoup")
        #expect(message.addressee == ContactIdentity(.phone, "+22997000001"))
    }

    @Test("every rule has its reason", arguments: Exclusion.Reason.allCases)
    func excludes(reason: Exclusion.Reason) throws {
        var audience = try audience(.text("Bonjour {{contact.first_name}}"), provider: .meta)
        var contact = candidate("+22997000001")
        contact.values = ContactValues(firstName: "Ana")
        switch reason {
        case .unsubscribed: contact.status = .unsubscribed
        case .blocked: contact.status = .blocked
        case .noOptIn: contact.hasOptedIn = false
        case .noIdentity: contact.identities = [ContactIdentity(.lid, "123")]
        case .notOnWhatsApp: contact.isOnWhatsApp = false
        case .windowClosed: contact.lastInboundAt = now - .seconds(24 * 3600)
        case .missingValue: contact.values.firstName = " "
        case .tooLong: contact.values.firstName = String(repeating: "é", count: 5000)
        case .duplicate: _ = audience.admit(contact, as: .v7())
        }
        contact.id = .v7()
        guard case .failure(let error) = audience.admit(contact, as: .v7()) else {
            return #expect(Bool(false), "\(reason)")
        }
        #expect(error.exclusion.reason == reason)
        if reason == .missingValue { #expect(error.exclusion.detail == "contact.first_name") }
    }

    @Test("a transactional message needs no consent to marketing, but no one who left gets it")
    func transactional() throws {
        var audience = try audience(.text("Code 1"), purpose: .transactional, provider: .waha)
        var contact = candidate("+22997000001")
        contact.hasOptedIn = false
        #expect(throws: Never.self) { try audience.admit(contact, as: .v7()).get() }
        contact.status = .unsubscribed
        #expect(throws: ExclusionError.self) { try audience.admit(contact, as: .v7()).get() }
    }

    @Test("two contacts behind one WhatsApp account get one message")
    func duplicates() throws {
        var audience = try audience(.text("Bonjour"), provider: .waha)
        var old = candidate("+22997000001")
        old.identities.append(ContactIdentity(.waID, "2290197000001"))
        let new = candidate("+2290197000001")
        #expect(throws: Never.self) { try audience.admit(old, as: .v7()).get() }
        #expect(throws: ExclusionError(exclusion: Exclusion(.duplicate))) {
            try audience.admit(new, as: .v7()).get()
        }
    }

    @Test("who has no phone is reached by the name that the provider knows")
    func names() throws {
        var audience = try audience(.text("Bonjour"), provider: .meta)
        var contact = candidate(nil)
        contact.lastInboundAt = now - .seconds(60)
        contact.identities = [
            ContactIdentity(.lid, "1"), ContactIdentity(.bsuid, "FR.134912"),
        ]
        let message = try audience.admit(contact, as: .v7()).get()
        #expect(message.addressee == ContactIdentity(.bsuid, "FR.134912"))
    }

    @Test("web gateways close no window, and neither does a template")
    func windows() throws {
        var gateway = try audience(.text("Bonjour"), provider: .wassenger)
        var contact = candidate("+22997000001")
        contact.lastInboundAt = nil
        #expect(throws: Never.self) { try gateway.admit(contact, as: .v7()).get() }
        var template = try audience(.template(form), provider: .meta)
        contact.values = ContactValues(firstName: "Ana")
        let message = try template.admit(contact, as: .v7()).get()
        #expect(message.parameters == ["Ana", "beaucoup"])
        #expect(message.body == "Bonjour Ana, merci beaucoup.")
    }

    @Test("a template's values go where they belong")
    func fillsTemplate() throws {
        let message = form.message(["Ana", "20 %"])
        #expect(message.body.map(\.text) == ["Ana"])
        #expect(message.body.map(\.name) == ["contact.first_name"])
        #expect(message.header == .text(TemplateMessage.Parameter("20 %", name: "x")))
    }

    @Test("what nothing can fill is refused before anybody is asked")
    func refuses() throws {
        #expect(throws: CampaignError.self) {
            try CampaignContent(
                .text(try MessageText("{{nom}}")),
                followUp: nil,
                variables: try CampaignVariables([:]),
                linkBase: nil
            )
        }
        #expect(throws: CampaignError.self) { try CampaignVariables(["a": "{{b}}", "b": "x"]) }
    }

    @Test("tracked links lead through ours and name the message")
    func tracksLinks() throws {
        let content = try CampaignContent(
            .text(try MessageText("A https://a.fr B https://b.fr")),
            followUp: try MessageText("C https://b.fr"),
            variables: try CampaignVariables([:]),
            linkBase: "https://r.example/l"
        )
        let id = UUID.v7()
        let first = LinkToken(message: id, position: 0).text
        let second = LinkToken(message: id, position: 1).text
        let followUp = try content.written(
            try #require(content.followUp),
            to: ContactValues(),
            message: id
        )
        #expect(content.links.map(\.text) == ["https://a.fr", "https://b.fr"])
        #expect(followUp == "C https://r.example/l/\(second)")
        guard case .text(let opening) = content.opening else { return #expect(Bool(false)) }
        let text = try content.written(opening, to: ContactValues(), message: id)
        #expect(text == "A https://r.example/l/\(first) B https://r.example/l/\(second)")
    }

    private let form = TemplateForm(
        name: "promo",
        language: "fr",
        category: .marketing,
        body: "Bonjour {{contact.first_name}}, merci beaucoup.",
        variables: [
            TemplateForm.Variable(.body, name: "contact.first_name"),
            TemplateForm.Variable(.headerText, name: "x"),
        ],
        status: .approved
    )

    private enum Opening {
        case text(String)
        case template(TemplateForm)
    }

    private func audience(
        _ opening: Opening,
        followUp: String? = nil,
        purpose: CampaignPurpose = .marketing,
        provider: Provider = .waha
    ) throws -> Audience {
        let content = try CampaignContent(
            {
                switch opening {
                case .text(let text): .text(try MessageText(text))
                case .template(let form): .template(form)
                }
            }(),
            followUp: followUp.map { try MessageText($0) },
            variables: try CampaignVariables(["x": "beaucoup"]),
            linkBase: nil
        )
        return Audience(content, purpose: purpose, provider: provider, now: now)
    }

    private func candidate(_ phone: String?) -> Candidate {
        var candidate = Candidate(id: .v7())
        candidate.lastInboundAt = now - .seconds(60)
        if let phone { candidate.identities = [ContactIdentity(.phone, phone)] }
        return candidate
    }
}
