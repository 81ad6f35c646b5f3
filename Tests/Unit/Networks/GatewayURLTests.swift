import Networks
import Testing

@Suite struct GatewayURLTests {
    @Test(
        arguments: [
            ("https://waha.example.org", "https://waha.example.org"),
            ("https://waha.example.org/", "https://waha.example.org"),
            ("HTTPS://Waha.Example.ORG/Api/v1//", "https://waha.example.org/Api/v1"),
            ("https://waha.example.org:8443/api", "https://waha.example.org:8443/api"),
            ("https://8.8.8.8", "https://8.8.8.8"),
            ("https://[2606:4700::1111]:443", "https://[2606:4700::1111]:443"),
            ("https://my_waha.example.org.", "https://my_waha.example.org."),
            ("https://xn--caf-dma.example", "https://xn--caf-dma.example"),
            ("https://example.org/a%20b", "https://example.org/a%20b"),
        ]
    )
    func takesAnAddress(_ given: String, _ text: String) throws {
        #expect(try GatewayURL(given, under: .publicOnly).text == text)
    }

    @Test(
        arguments: [
            ("", .scheme), ("waha.example.org", .scheme), ("file:///etc/passwd", .scheme),
            ("javascript:1", .scheme), ("ftp://example.org", .scheme), ("gopher://x", .scheme),
            ("//example.org", .scheme), ("https:/example.org", .scheme),
            ("https://user:pw@example.org", .userInformation),
            ("https://user@example.org", .userInformation),
            ("https://example.org@10.0.0.1/", .userInformation),
            ("https://example.org/?x=", .queryOrFragment),
            ("https://example.org/#", .queryOrFragment),
            ("https://example.org?", .queryOrFragment),
            ("https://example.org/a b", .characters), ("https://example.org\\@x", .characters),
            ("https://exämple.org", .characters), ("https://example.org/\n", .characters),
            ("https://", .host), ("https:///path", .host), ("https://a..b", .host),
            ("https://.example.org", .host), ("https://exa$mple.org", .host),
            ("https://[::1", .host),
            ("https://[1.2.3.4]", .host), ("https://[fe80::1%25eth0]", .host),
            ("https://127.1", .host),
            ("https://2130706433", .host), ("https://0x7f.0.0.1", .host),
            ("https://0x7f000001", .host),
            ("https://017700000001", .host), ("https://8.8.8.08", .host),
            ("https://1.2.3.4.5", .host),
            ("https://example.org:", .port), ("https://example.org:0", .port),
            ("https://example.org:22", .port), ("https://example.org:65536", .port),
            ("https://example.org:5x", .port), ("https://example.org:+80", .port),
            ("https://[::1]80", .port),
            ("https://example.org/a/../b", .dots), ("https://example.org/%2E./b", .dots),
            ("https://example.org/.", .dots),
            ("https://127.0.0.1", .refused(.notPublic)),
            ("https://localhost:8080", .refused(.notPublic)),
            ("https://a.LOCALHOST", .refused(.notPublic)),
            ("http://169.254.169.254/", .refused(.notPublic)),
            ("https://[::ffff:10.0.0.1]", .refused(.notPublic)),
            ("https://[::]", .refused(.notPublic)),
            ("https://10.0.0.1.", .refused(.notPublic)),
            ("http://waha.example.org", .refused(.plain)), ("http://8.8.8.8", .refused(.plain)),
        ] as [(String, GatewayURLError)]
    )
    func refusesWhatCouldLeadElsewhere(_ text: String, _ problem: GatewayURLError) {
        #expect(throws: problem) { try GatewayURL(text, under: .publicOnly) }
        #expect(!problem.description.isEmpty)
    }

    @Test func takesWhatTheOperatorAllows() throws {
        let policy = try EgressPolicy(allowing: "127.0.0.0/8 10.0.0.0/8")
        for text in [
            "http://127.0.0.1:8090/waha", "https://localhost", "http://waha.internal:3000",
        ] {
            #expect(try GatewayURL(text, under: policy).text == text)
        }
        #expect(throws: GatewayURLError.refused(.notPublic)) {
            try GatewayURL("http://192.168.1.1", under: policy)
        }
        #expect(throws: GatewayURLError.refused(.plain)) {
            try GatewayURL("http://8.8.8.8", under: policy)
        }
    }

    @Test func refusesWhatIsTooLong() {
        let text = "https://example.org/" + String(repeating: "a", count: 2048)
        #expect(throws: GatewayURLError.tooLong(2048)) { try GatewayURL(text, under: .publicOnly) }
    }
}
