import FunctionContract
import Testing

@testable import HTTPClient

struct RequestValidationTests {
    @Test(arguments: [
        "http://localhost/", "https://graph.facebook.com/v23.0/1/messages", "HTTPS://EXAMPLE.COM",
        "http://[::1]:8080/",
    ])
    func acceptsWebAddresses(_ url: String) {
        #expect(OutboundRequest(.get, url).refusal() == nil)
    }

    @Test(arguments: [
        "", "localhost/", "ftp://host/", "file:///etc/passwd", "gopher://host/", "http:/host",
        "httpx://host/", "http://host/a b", "http://host/\r\nHost: other", "http://host/\u{0}",
        "http://host/" + String(repeating: "a", count: 8 << 10),
        "https://user:password@host/", "https://user@host",
        "https://ours.example\\@theirs.example/",
    ])
    func refusesOtherAddresses(_ url: String) {
        #expect(OutboundRequest(.get, url).refusal()?.reason == .invalidRequest)
    }

    @Test(arguments: [("Accept", "text/html"), ("X-é", "x"), ("x_y.z", "é\tü"), ("X-Empty", "")])
    func acceptsOrdinaryHeaders(_ name: String, _ value: String) {
        let request = OutboundRequest(.get, "http://h/", headers: HTTPFields([(name, value)]))
        #expect((request.refusal() == nil) == name.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: [
        ("X\r\nY", "1"), ("X Y", "1"), ("", "1"), ("X:", "1"), ("X", "1\r\nY: 2"), ("X", "1\n"),
        ("X", "\u{0}"), ("X", "\u{7F}"), ("content-LENGTH", "0"), ("Transfer-Encoding", "chunked"),
    ])
    func refusesHeadersThatCouldForgeOthers(_ name: String, _ value: String) {
        let request = OutboundRequest(.get, "http://h/", headers: HTTPFields([(name, value)]))
        #expect(request.refusal()?.reason == .invalidRequest)
    }

    @Test func neverPrintsAHeaderValue() {
        let secret: HTTPFields = ["authorization": "Bearer secret\n"]
        let refusal = OutboundRequest(.get, "http://h/", headers: secret).refusal()
        #expect(refusal?.message.contains("secret") == false)
    }

    @Test(arguments: [OutboundRequest.Method.get, .head])
    func refusesABodyWhereNoneMayBe(_ method: OutboundRequest.Method) {
        #expect(OutboundRequest(method, "http://h/", body: [1]).refusal() != nil)
    }
}
