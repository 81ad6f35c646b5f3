import SeededRandom
import Testing

@testable import Messages

/// An address that a contact is sent must be one that a browser opens.
struct WebLinkPropertyTests {
    @Test("what is put together by the rules is an address, and is kept as it was written")
    func accepts() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            let address = Self.address(&random)
            #expect(WebLink(address)?.text == address, "seed \(seed): \(address)")
        }
    }

    @Test("what breaks one rule is no address")
    func refuses() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            let address = Self.broken(Self.address(&random), &random)
            #expect(WebLink(address) == nil, "seed \(seed): \(address.debugDescription)")
        }
    }

    @Test("whatever was damaged: what is accepted has a scheme, a host with a dot and no gaps")
    func invariants() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            let text = Mutation.of(Self.address(&random), using: &random)
            guard let link = WebLink(text) else { continue }
            let scheme = try #require(link.text.firstRange(of: "://"))
            #expect(["http", "https"].contains(link.text[..<scheme.lowerBound].lowercased()))
            let rest = link.text[scheme.upperBound...]
            let host = rest.prefix { !":/?#\\".contains($0) }
            #expect(host.contains(".") && !host.contains("@"), "seed \(seed): \(text)")
            #expect(!link.text.contains { $0.isWhitespace }, "seed \(seed): \(text)")
            #expect(link.text.utf8.count <= WebLink.lengthLimit, "seed \(seed)")
        }
    }

    private static func address(_ random: inout SeededRandom) -> String {
        let scheme = ["http", "https", "HTTPS"].randomElement(using: &random) ?? "http"
        let labels = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            ["exemple", "a", "x-1", "café", "99", "xn--caf-dma"].randomElement(using: &random)
                ?? "a"
        }
        let top = ["fr", "bj", "org", "africa", "рф"].randomElement(using: &random) ?? "fr"
        let port = ["", "", ":80", ":65535", ":1"].randomElement(using: &random) ?? ""
        let rest =
            ["", "/", "/a/b%20c", "?q=é&r=1", "#top", "/@ana", "/a://b", "/,;:"]
            .randomElement(using: &random) ?? ""
        return scheme + "://" + (labels + [top]).joined(separator: ".") + port + rest
    }

    /// Breaks one rule somewhere it counts.
    private static func broken(_ address: String, _ random: inout SeededRandom) -> String {
        guard let scheme = address.firstRange(of: "://") else { return "" }
        let rest = address[scheme.upperBound...]
        let host = rest.prefix { !":/?#".contains($0) }
        let tail = rest.dropFirst(host.count)
        let gap =
            [" ", "\n", "\u{0}", "\u{7F}", "\u{A0}", "\u{202E}", "\u{200B}", "\u{3000}"]
            .randomElement(using: &random) ?? " "
        let broken = [
            "ftp://\(rest)", "javascript://\(rest)", "https:/\(rest)", "//\(rest)", "\(rest)",
            "https://user:secret@\(rest)", "https://\(host):0", "https://\(host):65536/",
            "https://\(host):/", "https://\(host):8a/", "https://localhost\(tail)",
            "https://127.0.0.1\(tail)", "https://[::1]\(tail)", "https://.\(rest)",
            "https://-\(rest)", "https://\(host)-/", "https://\(host)../", "https://a_b.fr\(tail)",
            "https://\(host)\(gap)/", "https://\(rest)\(gap)", "https://\(gap)\(rest)",
            "https://\(String(repeating: "a", count: 64)).fr", "https:///\(host)", "https://",
            "https://\(host)/" + String(repeating: "a", count: WebLink.lengthLimit),
        ]
        return broken.randomElement(using: &random) ?? ""
    }
}
