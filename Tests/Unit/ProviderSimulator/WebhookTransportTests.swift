import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

@Suite struct WebhookTransportTests {
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, true),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, true),
        ("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nConnection: close\r\n\r\n", 500, false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, false),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 A\r\nContent-Length: 1\r\n\r\nx", 202, true),
    ])
    func readsAnAnswerHoweverItIsCut(text: String, status: Int, keepsAlive: Bool) {
        let bytes = Array(text.utf8)
        for cut in 0..<bytes.count {
            var reader = ResponseReader()
            var progress = reader.read(bytes.span.extracting(..<cut))
            if progress == .needsMore { progress = reader.read(bytes.span.extracting(cut...)) }
            #expect(progress == .done(status: status, keepsAlive: keepsAlive), "cut at \(cut)")
        }
    }

    @Test func readsOneAnswerAfterAnother() {
        var reader = ResponseReader()
        let answer = Array("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".utf8)
        for _ in 0..<3 {
            #expect(reader.read(answer.span) == .done(status: 200, keepsAlive: true))
        }
    }

    @Test(arguments: ["SMTP\r\n\r\n", "HTTP/1.1 2 OK\r\n\r\n", "HTTP/1.1\r\n\r\n"])
    func refusesWhatIsNoAnswer(text: String) {
        var reader = ResponseReader()
        #expect(reader.read(Array(text.utf8).span) == .malformed)
    }

    @Test func refusesAHeadWithoutEnd() {
        var reader = ResponseReader()
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 70_000)
        #expect(reader.read(bytes.span) == .malformed)
    }

    @Test func moreThanWasAskedForEndsTheConnection() {
        var reader = ResponseReader()
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy".utf8)
        #expect(reader.read(bytes.span) == .done(status: 200, keepsAlive: false))
    }

    @Test(
        arguments: [
            ("http://127.0.0.1:8080", "127.0.0.1", 8080, ""),
            ("http://localhost:8080/", "127.0.0.1", 8080, ""),
            ("http://10.0.0.1", "10.0.0.1", 80, ""),
            ("http://127.0.0.1:81/relais/", "127.0.0.1", 81, "/relais"),
        ] as [(String, String, UInt16, String)]
    )
    func readsTheAddressOfThePlatform(text: String, host: String, port: UInt16, path: String) {
        let address = WebhookAddress(text)
        #expect(address?.host == host && address?.port == port && address?.path == path)
    }

    @Test(arguments: [
        "https://127.0.0.1", "127.0.0.1:80", "http://example.com", "http://:80",
        "http://127.0.0.1:0", "http://127.0.0.1:99999", "http://1.2.3.4:5:6", "",
    ])
    func refusesAnAddressItCannotReach(text: String) {
        #expect(WebhookAddress(text) == nil)
    }

    @Test func writesARequestThatNamesTheChannel() throws {
        var account = Account(.meta, "106", secret: "s")
        account.channel = "clé 1"
        account.addressSecret = "a/b"
        let posting = Posting(Notice([:]), of: account)
        posting.headers = [("X-Signature", "1")]
        let address = try #require(WebhookAddress("http://127.0.0.1:81/relais"))
        let lines = String(decoding: posting.head(to: address), as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.first == "POST /relais/webhooks/meta/cl%C3%A9%201?secret=a%2Fb HTTP/1.1")
        #expect(lines.contains("Host: 127.0.0.1:81") && lines.contains("X-Signature: 1"))
        #expect(lines.contains("Content-Type: application/json"))
        #expect(lines.contains("Content-Length: 2") && lines.suffix(2) == ["", ""])
    }
}
