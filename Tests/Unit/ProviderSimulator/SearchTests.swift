import FunctionContract
import Providers
import Testing

@testable import ProviderSimulator

/// A message whose answer was lost is found by those who can be asked for it.
@Suite struct SearchTests {
    private let recipient = Recipient.phone("+22890123456")

    @Test(arguments: [Provider.respondIO, .wassenger, .waha, .evolution, .twilio])
    func findsWhatWentOut(provider: Provider) throws {
        var stage = try Stage()
        let message = OutboundMessage(to: recipient, .text("Bonjour Ana"), reference: "m.1")
        let other = OutboundMessage(to: recipient, .text("Bonjour Afi"), reference: "n.1")
        _ = stage.accept(try #require(try stage.perform(.send(other), provider).send))
        #expect(try candidates(for: message, provider, &stage) == .notFound)
        let send = try #require(try stage.perform(.send(message), provider).send)
        let sent = stage.accept(send).message
        stage.world.messages.add(.init(status: .delivered, at: stage.now), to: sent.id)
        guard case .found(let updates) = try candidates(for: message, provider, &stage) else {
            throw Unexpected()
        }
        #expect(updates.map(\.messageID.value) == [sent.id])
        #expect(updates.map(\.status) == [.delivered])
    }

    @Test(arguments: [Provider.respondIO, .wassenger, .waha, .evolution, .twilio])
    func findsNothingFromBefore(provider: Provider) throws {
        var stage = try Stage()
        let message = OutboundMessage(to: recipient, .text("Bonjour"), reference: "m.1")
        _ = stage.accept(try #require(try stage.perform(.send(message), provider).send))
        let later = Timestamp(milliseconds: stage.now.milliseconds + 60_000)
        let found = try candidates(for: message, provider, &stage, since: later)
        // A reference says enough by itself.
        #expect((found == .notFound) == (provider != .wassenger))
    }

    private func candidates(
        for message: OutboundMessage,
        _ provider: Provider,
        _ stage: inout Stage,
        since: Timestamp? = nil
    ) throws -> MessageLookup {
        let search = MessageSearch(message, since: since ?? stage.now)
        let reply = try #require(try stage.perform(.searchMessage(search), provider).reply)
        return provider.candidates(for: search, in: .reply(reply), now: stage.now)
    }
}
