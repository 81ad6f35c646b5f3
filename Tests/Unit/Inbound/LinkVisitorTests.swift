import FunctionContract
import Testing

@testable import Campaigns
@testable import Messages
@testable import Inbound

@Suite("Who opens a link", .timeLimit(.minutes(60)))
struct LinkVisitorTests {
    private func visitor(
        _ agent: String?,
        method: String = "GET",
        headers: [(String, String)] = []
    ) -> LinkVisitor {
        var event = HTTPEvent()
        event.requestContext.http.method = method
        event.headers["user-agent"] = agent
        for (name, value) in headers { event.headers.add(name, value) }
        return LinkVisitor(event)
    }

    private static let phone = """
        Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/129.0 Mobile Safari/537.36
        """

    @Test(
        arguments: [
            phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148",
            "Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) Chrome/100 Mobile Safari/537.36",
            "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; fr) Presto/2.12.423 Version/12.16",
        ]
    )
    func people(_ agent: String) {
        #expect(visitor(agent).isPerson)
    }

    @Test(
        arguments: [
            "WhatsApp/2.24.10.74 A", "facebookexternalhit/1.1", "TelegramBot (like TwitterBot)",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Slackbot-LinkExpanding 1.0", "LinkedInBot/1.0", "curl/8.0", "python-requests/2.31",
            "Mozilla/5.0 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/) bot",
            "SkypeUriPreview Preview/0.5", "",
        ]
    )
    func programs(_ agent: String) {
        #expect(!visitor(agent).isPerson)
    }

    @Test func lookingAheadIsNotOpening() {
        #expect(!visitor(Self.phone, method: "HEAD").isPerson)
        #expect(!visitor(nil).isPerson)
        #expect(!visitor(Self.phone, headers: [("sec-purpose", "prefetch;prerender")]).isPerson)
        #expect(!visitor(Self.phone, headers: [("x-purpose", "preview")]).isPerson)
    }

    @Test(
        arguments: [
            ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
            ("https://exämple.fr/été", "https://ex%C3%A4mple.fr/%C3%A9t%C3%A9"),
        ]
    )
    func addressesGoIntoAHeader(_ address: String, _ location: String) throws {
        #expect(try #require(WebLink(address)).location == location)
    }
}
