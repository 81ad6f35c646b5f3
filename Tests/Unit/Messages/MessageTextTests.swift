import SeededRandom
import Testing

@testable import Messages

struct MessageTextTests {
    @Test("a text is written with its values")
    func renders() throws {
        let text = try MessageText("Bonjour {{contact.first_name}}, code {{ 1 }} !")
        #expect(text.variables == ["contact.first_name", "1"])
        let values = ["contact.first_name": "Ana", "1": "42"]
        #expect(try text.rendered(value: { values[$0] }) == "Bonjour Ana, code 42 !")
        #expect(throws: MissingValue(name: "1")) {
            try text.rendered(value: { ["contact.first_name": "Ana"][$0] })
        }
    }

    @Test(
        "links are found without what surrounds them",
        arguments: [
            ("Voir https://relais.fr/offre.", ["https://relais.fr/offre"]),
            ("(http://a.example:8080/x?y=1)", ["http://a.example:8080/x?y=1"]),
            ("« https://é.fr/ »", ["https://é.fr/"]),
            ("https://a.fr https://b.fr\nhttps://a.fr", ["https://a.fr", "https://b.fr"]),
            ("écrivez à a@b.fr ou allez sur relais.fr", []),
        ]
    )
    func links(text: String, expected: [String]) throws {
        #expect(try MessageText(text).links.map(\.text) == expected)
    }

    @Test("every link is replaced, each by its own, and nothing else is changed")
    func tracks() throws {
        let text = try MessageText("A https://a.fr, B (https://b.fr) et https://a.fr!")
        let links = text.links
        let written = try text.rendered(value: { _ in nil }) { link in
            "[\(links.firstIndex(of: link) ?? -1)]"
        }
        #expect(written == "A [0], B ([1]) et [0]!")
    }

    @Test("an address that a variable is part of stays as it is")
    func keepsPersonalLinks() throws {
        let text = try MessageText("https://a.fr/{{contact.code}}/x et {{1}}://b et https://c.fr")
        #expect(text.links.map(\.text) == ["https://c.fr"])
        let written = try text.rendered(value: { _ in "v" }, link: { _ in "L" })
        #expect(written == "https://a.fr/v/x et v://b et L")
    }

    @Test(
        "texts that can be sent to nobody are refused",
        arguments: [
            "{{", "Bonjour {{nom", "{{}}", "{{ }}", "{{a b}}", "{{a/b}}", "voir https://",
            "ftp://a.fr/x", "https://user:secret@a.fr", "https://nohost/", "http://1.2.3.4/",
            "javascript://a.fr/%0aalert(1)",
        ]
    )
    func refuses(text: String) {
        #expect(throws: InvalidText.self) { try MessageText(text) }
    }

    @Test("without variables and links a text is written as it is")
    func identity() throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let alphabet = Array("aé 😀\n.,!?()«»{}:/-_@")
        for _ in 0..<2000 {
            let length = Int.random(in: 0...40, using: &random)
            let text = String(
                (0..<length).compactMap { _ in alphabet.randomElement(using: &random) }
            )
            guard let parsed = try? MessageText(text), parsed.variables.isEmpty else { continue }
            #expect(try parsed.rendered(value: { _ in nil }) == text, "seed \(seed)")
        }
    }
}

struct WebLinkTests {
    @Test("whatever is taken for a link has a scheme, a host with a dot and no hidden name")
    func property() throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let parts = [
            "http", "https", "ftp", "://", ":", "/", "//", "@", ".", "a", "b.fr", "-", "[::1]", "?",
            "#", "80", "99999", " ", "\u{0}", "é", "xn--", "..", "127.0.0.1", "user:pw",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...7, using: &random))
                .compactMap { _ in parts.randomElement(using: &random) }.joined()
            guard let link = WebLink(text) else { continue }
            #expect(link.text.hasPrefix("http://") || link.text.hasPrefix("https://"), "\(seed)")
            let authority = text.split(separator: "://", maxSplits: 1)[1].prefix {
                !"/?#".contains($0)
            }
            #expect(authority.contains("."), "seed \(seed): \(text)")
            #expect(!authority.contains("@"), "seed \(seed): \(text)")
            #expect(!text.contains { $0.isWhitespace }, "seed \(seed): \(text)")
        }
    }
}
