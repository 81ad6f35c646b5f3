import FunctionContract

/// Everything that a provider does in its own way. Each provider has a folder, and one type in it
/// that answers all of this; nothing outside asks which provider it is.
protocol ProviderAdapter {
    static var provider: Provider { get }

    /// What it can do, what its things are called and how fast it likes to be used.
    static var traits: ProviderTraits { get }

    /// The answer that it expects for a webhook that is kept.
    static var webhookReply: WebhookReply { get }

    /// Returns when the delivery proves that it comes from the provider.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError)

    /// Throws unless a body of this form is worth keeping.
    static func check(_ body: [UInt8]) throws(ProviderError)

    /// What is kept of a delivery: its body, and what the provider tells elsewhere.
    static func keptBody(of delivery: WebhookDelivery) -> [UInt8]

    /// What a kept body says, in its order.
    static func events(in body: [UInt8]) throws(ProviderError) -> [DomainEvent]

    /// Only operations come here of which `traits` says that the provider is capable.
    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest

    /// What became of a send that was answered.
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome

    /// What a failure that a receipt reported asks for.
    static func outcome(of failure: ProviderFailure) -> SendOutcome

    /// Nil when the reply does not answer the question; the same holds for the next two.
    static func numberCheck(in reply: ProviderReply) -> NumberCheck?
    static func lookup(in reply: ProviderReply) -> MessageLookup?
    static func candidates(for search: MessageSearch, in json: JSON) -> [StatusUpdate]?
}

extension ProviderAdapter {
    static var webhookReply: WebhookReply {
        WebhookReply(contentType: "application/json", body: "{}")
    }

    static func keptBody(of delivery: WebhookDelivery) -> [UInt8] { delivery.body }

    static func outcome(of failure: ProviderFailure) -> SendOutcome { .gatewayFailure(failure) }

    static func numberCheck(in reply: ProviderReply) -> NumberCheck? { nil }

    static func lookup(in reply: ProviderReply) -> MessageLookup? { nil }

    static func candidates(for search: MessageSearch, in json: JSON) -> [StatusUpdate]? { nil }
}

/// A provider whose webhooks are JSON.
protocol JSONAdapter: ProviderAdapter {
    /// What a body says; its members that were null are left out.
    static func events(in body: JSON) -> [DomainEvent]
}

extension JSONAdapter {
    static func check(_ body: [UInt8]) throws(ProviderError) {
        do {
            var parser = JSONParser(body)
            try parser.skipValue()
            try parser.expectEnd()
        } catch {
            throw .bodyMalformed(error.message)
        }
    }

    static func events(in body: [UInt8]) throws(ProviderError) -> [DomainEvent] {
        let json: JSON
        do {
            json = try JSONParser.parse(body).withoutNulls
        } catch {
            throw .bodyMalformed(error.message)
        }
        return events(in: json)
    }
}

/// What a provider is answered when its webhook is kept.
package struct WebhookReply: Equatable, Sendable {
    package let contentType: String
    package let body: String
}
