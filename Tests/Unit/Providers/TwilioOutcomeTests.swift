import FunctionContract
import Testing

@testable import Providers

@Suite struct TwilioOutcomeTests {
    private let provider = Provider.twilio

    private static let replies: [(status: Int, body: String, expected: String)] = [
        (201, #"{"sid":"SM1","status":"queued","to":"whatsapp:+22890123456"}"#, "accepted SM1"),
        (201, "{}", "unknown"),
        (400, #"{"code":21211,"message":"m","status":400}"#, "giveUp undeliverable"),
        (400, #"{"code":63024,"message":"m"}"#, "giveUp undeliverable"),
        (400, #"{"code":21610,"message":"m"}"#, "giveUp opted_out"),
        (400, #"{"code":63016,"message":"m"}"#, "useTemplate"),
        (400, #"{"code":21655,"message":"m"}"#, "pauseTemplate"),
        (400, #"{"code":21656,"message":"m"}"#, "giveUp none"),
        (400, #"{"code":21617,"message":"m"}"#, "giveUp none"),
        (400, #"{"code":21603,"message":"m"}"#, "pauseChannel"),
        (400, #"{"code":63049,"message":"m"}"#, "retry message 86400 x1 <2"),
        (400, #"{"code":99999,"message":"m"}"#, "giveUp none"),
        (401, #"{"code":20003,"message":"Authenticate"}"#, "pauseChannel"),
        (404, #"{"code":20404,"message":"m"}"#, "pauseChannel"),
        (429, #"{"code":20429,"message":"m"}"#, "retry channel 2 x2"),
        (429, "", "retry channel 30 x2"), (500, "", "unknown"), (503, "", "unknown"),
    ]

    @Test(arguments: replies)
    func interpretsReplies(status: Int, body: String, expected: String) {
        #expect(summary(provider.outcome(status, body)) == expected)
    }

    @Test func waitsAsLongAsTwilioAsks() {
        let outcome = provider.outcome(429, #"{"code":20429}"#, headers: ["retry-after": "9"])
        #expect(summary(outcome) == "retry channel 9 x2")
    }

    private static let failures: [(code: String, expected: String)] = [
        ("63016", "useTemplate"), ("63018", "retry channel 2 x2"), ("63051", "pauseChannel"),
        ("63032", "giveUp none"), ("63012", "retry message 5 x2 <3"), ("1", "giveUp none"),
    ]

    @Test(arguments: failures)
    func interpretsReceipts(code: String, expected: String) {
        #expect(summary(provider.outcome(of: ProviderFailure(code: code))) == expected)
    }

    @Test func saysEachErrorOnceAndInBothLanguages() {
        var codes: [Int] = []
        for policy in TwilioErrorPolicy.all {
            #expect(policy.french.hasSuffix(".") && policy.english.hasSuffix("."))
            #expect(policy.french != policy.english)
            codes += policy.codes
        }
        #expect(Set(codes).count == codes.count)
    }

    @Test func findsWhatBecameOfAMessage() throws {
        let body = #"""
            {"sid":"SM1","status":"undelivered","error_code":63024,"error_message":"Invalid",
             "date_updated":"Fri, 24 May 2019 17:44:50 +0000"}
            """#
        guard case .found(let updates) = provider.lookup(200, body) else { throw Unexpected() }
        #expect(updates.map(\.status) == [.failed])
        #expect(updates[0].failure == ProviderFailure(code: "63024", title: "Invalid"))
        #expect(updates[0].at == Timestamp(milliseconds: 1_558_719_890_000))
        #expect(provider.lookup(404, #"{"code":20404}"#) == .notFound)
    }
}
