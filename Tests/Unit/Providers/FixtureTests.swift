import FunctionContract
import Testing

@testable import Providers

/// Every body that the providers show in their documentation.
@Suite struct FixtureTests {
    private static let understood: Set<String> = [
        "message", "reaction", "status", "echo", "edited", "revoked", "template", "account",
        "session",
        "preference", "identityChanged", "call", "technical",
    ]

    @Test(arguments: try Fixture.paths("meta/openapi-webhooks"))
    func understandsMetasWebhooks(path: String) throws {
        for event in try Provider.meta.events(in: Fixture.bytes(path)) {
            let isGroup = path.contains("group_")
            #expect(Self.understood.contains(name(event)) == !isGroup)
        }
    }

    @Test(arguments: try Fixture.paths("waha").filter { $0.hasPrefix("waha/event.") })
    func readsOrKeepsWAHAsWebhooks(path: String) throws {
        let events = try Provider.waha.events(in: Fixture.bytes(path))
        #expect(events.count == 1)
        let event = try #require(events.first)
        let isEmpty = try Fixture.json(path)["payload"]?["id"] == nil
        let families = [
            ".message.ack.events", ".message.events", ".message.edited", ".session.status",
            ".message.receive",
        ]
        if families.contains(where: path.contains), !isEmpty || path.contains("session.status") {
            #expect(Self.understood.contains(name(event)))
        }
        #expect(event.channel.id == "default")
        #expect(!event.dedupeKey.isEmpty)
    }

    @Test func neverThrowsForAnyFixtureWithAnyProvider() throws {
        for folder in ["meta", "waha", "respondio", "wassenger", "stripe", "standard-webhooks"] {
            for path in try Fixture.paths(folder) {
                let body = try Fixture.bytes(path)
                for provider in Provider.allCases {
                    for event in try provider.events(in: body) { #expect(!event.dedupeKey.isEmpty) }
                    let reply = ProviderReply(status: 200, body: body)
                    _ = provider.outcome(of: .reply(reply), now: Timestamp(milliseconds: 0))
                    _ = provider.lookup(of: .reply(reply), now: Timestamp(milliseconds: 0))
                    _ = provider.numberCheck(of: .reply(reply), now: Timestamp(milliseconds: 0))
                }
            }
        }
    }

    @Test func givesTheSameKeysForTheSameBytes() throws {
        for path in try Fixture.paths("waha") + Fixture.paths("meta") {
            for provider in Provider.allCases {
                let once = try provider.events(in: Fixture.bytes(path)).map(\.dedupeKey)
                #expect(try provider.events(in: Fixture.bytes(path)).map(\.dedupeKey) == once)
            }
        }
    }

    private func name(_ event: DomainEvent) -> String {
        String(String(describing: event.kind).prefix { $0 != "(" })
    }
}
