import FunctionContract

/// One provider's implementation. Each provider has a folder with one type that conforms to this
/// protocol. No code outside the folder asks which provider it is.
protocol ProviderAdapter {
    static var provider: Provider { get }

    /// The provider's capabilities, terms and suggested sending rates.
    static var traits: ProviderTraits { get }

    /// The HTTP answer that the provider expects for a webhook that we stored.
    static var webhookReply: WebhookReply { get }

    /// Returns if the delivery proves that the provider sent it; throws otherwise.
    static func verify(
        _ delivery: WebhookDelivery,
        _ secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError)

    /// Throws if the body is not in the form that `events(in:)` parses.
    static func check(_ body: [UInt8]) throws(ProviderError)

    /// The bytes to store for a delivery whose body was checked: the body without its credentials,
    /// and any data that the provider sends elsewhere, such as in the address.
    static func keptBody(of delivery: WebhookDelivery) throws(ProviderError) -> [UInt8]

    /// The events in a stored body, in the order of the body.
    static func events(in body: [UInt8]) throws(ProviderError) -> [DomainEvent]

    /// Called only for operations whose capability is in `traits`.
    static func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest

    /// The outcome of a send, read from the provider's reply.
    static func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome

    /// How to react to a failure that a receipt reported.
    static func outcome(of failure: ProviderFailure) -> SendOutcome

    /// Nil if the reply does not answer the question. The same holds for the next two methods.
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
    /// The events in a body from which all null members were removed.
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

/// Our HTTP answer to a provider whose webhook we stored.
package struct WebhookReply: Equatable, Sendable {
    package let contentType: String
    package let body: String
}
