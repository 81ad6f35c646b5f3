import FunctionContract
import Providers
import Testing

@testable import Inbound

@Suite("Addresses that no channel has", .timeLimit(.minutes(60)))
struct StrangerLimitTests {
    private func address() throws -> WebhookAddress {
        try #require(WebhookAddress(provider: "meta", channel: "\(UUID.v7())"))
    }

    private func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_700_000_000_000 + milliseconds)
    }

    @Test func aMissingAddressIsRememberedForASecond() throws {
        var limit = StrangerLimit()
        let (missing, other) = (try address(), try address())
        #expect(!limit.isMissing(missing, now: at(0)))
        limit.note(missing: missing, now: at(0))
        #expect(limit.isMissing(missing, now: at(999)))
        #expect(!limit.isMissing(other, now: at(999)))
        #expect(!limit.isMissing(missing, now: at(1000)))
    }

    @Test func whatIsRememberedIsBounded() throws {
        var limit = StrangerLimit()
        let first = try address()
        limit.note(missing: first, now: at(0))
        for _ in 0..<StrangerLimit.memory { limit.note(missing: try address(), now: at(1)) }
        #expect(!limit.isMissing(first, now: at(2)))
    }

    @Test func newAddressesAreLookedUpAtABoundedRate() {
        var limit = StrangerLimit()
        let first = (0..<10_000).count { _ in limit.admits(now: at(0)) }
        #expect(first == 200)
        let inTenSeconds = (1...10_000).count { limit.admits(now: at(Int64($0))) }
        #expect(inTenSeconds == 500)
        #expect((0..<10_000).count { _ in limit.admits(now: at(60_000)) } == 200)
    }
}
