import Database
import FunctionContract
import Providers
import SeededRandom
import Testing

@testable import Campaigns
@testable import Messages

/// What operators type, what contacts are called and what strangers put into addresses.
@Suite(.timeLimit(.minutes(60))) struct TextMutationTests {
    private static let rounds = 800

    private static let texts = [
        "Bonjour {{contact.first_name}}, voyez (https://exemple.fr/a?b=c).", "{{1}} {{ 2 }}",
        "http://a.b/{{contact.phone}} https://xn--caf-dma.fr:8080/#x", "{{contact.Prénom}}\n\nÀ+",
    ]

    @Test func aTextIsTakenApartOrRefusedAndPutTogetherAsItWas() throws {
        try Mutation.rounds(Self.rounds, of: Self.texts) { text, seed in
            guard let parsed = try? MessageText(text) else { return }
            let whole = try parsed.rendered(value: { "{{\($0)}}" })
            let tight = { (text: String) in text.filter { !$0.isWhitespace } }
            #expect(tight(whole) == tight(text), "seed \(seed): \(text.debugDescription)")
            for link in parsed.links { #expect(WebLink(link.text) == link, "seed \(seed)") }
            let again = try MessageText(whole)
            #expect(again.variables == parsed.variables, "seed \(seed): \(text.debugDescription)")
            #expect(again.links == parsed.links, "seed \(seed): \(text.debugDescription)")
        }
    }

    @Test func variablesOfVariablesEnd() throws {
        try Mutation.rounds(Self.rounds, of: Self.texts + ["{{a}}", "{{b}}"]) { text, seed in
            // The damaged text may be one of the names.
            var values = [text: "x"]
            values["a"] = text
            values["b"] = "{{contact.first_name}}"
            guard let variables = try? CampaignVariables(values) else { return }
            let contact = ContactValues(firstName: text, attributes: [text: text])
            let value = variables.value(of: "a", for: contact)
            #expect((value?.utf8.count ?? 0) <= 64 * (text.utf8.count + 1), "seed \(seed)")
        }
    }

    @Test func aTemplateTakesAnyValue() throws {
        let places = TemplateForm.Place.allCases
        try Mutation.rounds(Self.rounds, of: Self.texts) { text, _ in
            let form = TemplateForm(
                name: text,
                language: text,
                category: .marketing,
                body: text,
                variables: places.map { .init($0, index: .max, name: text) },
                status: .approved
            )
            let variables = try CampaignVariables([:])
            let content = try? CampaignContent(
                .template(form),
                followUp: nil,
                variables: variables,
                linkBase: nil
            )
            let contact = ContactValues(attributes: [text: text])
            _ = try? content?.values(of: form, for: contact, message: .v7())
            _ = form.message(places.map { _ in text })
            _ = form.body(with: [text])
            #expect(try JSONParser.parse(Array(form.storedVariables.utf8)).array?.count == 8)
        }
    }

    @Test func aLinkTokenIsOneOfOursOrNone() throws {
        let own = LinkToken(message: .v7(), position: 255)
        try Mutation.rounds(Self.rounds, of: [own.text, "", "AAAA"]) { text, seed in
            guard let token = LinkToken(text) else { return }
            #expect(token.text == text, "seed \(seed)")
        }
    }

    @Test func aReferenceIsOneOfOursOrNone() throws {
        let own = AttemptReference(message: .v7(), attempt: .init(Int32.max))
        try Mutation.rounds(Self.rounds, of: [own.text, "campaign:42:r:77:m1"]) { text, seed in
            guard let reference = AttemptReference(text) else { return }
            #expect((1...Int(Int32.max)).contains(reference.attempt), "seed \(seed)")
        }
    }
}
