package import FunctionContract

/// A service that carries WhatsApp messages for a channel.
///
/// These entry points hide the differences between providers: whether a webhook is genuine, which
/// events it holds, which request performs an operation, and how to read the reply.
package enum Provider: String, CaseIterable, Sendable {
    case meta
    case respondIO = "respondio"
    case wassenger
    case waha
    case evolution
    case twilio

    /// The type in the provider's own folder. The product has no other switch over
    /// providers; the simulator and the tests have theirs.
    var adapter: any ProviderAdapter.Type {
        switch self {
        case .meta: Meta.self
        case .respondIO: RespondIO.self
        case .wassenger: Wassenger.self
        case .waha: WAHA.self
        case .evolution: Evolution.self
        case .twilio: Twilio.self
        }
    }
}

// MARK: - Webhooks

extension Provider {
    /// Returns if the delivery proves that the provider sent it. Throws
    /// `ProviderError.webhookRefused` otherwise.
    package func verify(
        _ delivery: WebhookDelivery,
        secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        try adapter.verify(delivery, secrets, now: now)
    }

    /// The bytes to store for a verified delivery. Throws `ProviderError.bodyMalformed` if the body
    /// can never be parsed.
    package func keptBody(of delivery: WebhookDelivery) throws(ProviderError) -> [UInt8] {
        try adapter.check(delivery.body)
        return try adapter.keptBody(of: delivery)
    }

    /// The HTTP answer for a webhook that we stored.
    package var webhookReply: WebhookReply { adapter.webhookReply }

    /// The events in a stored body, in the order of the body. Content that we do not understand
    /// becomes an `.unknown` event. Only a body in another form is an error.
    package func events(in body: [UInt8]) throws(ProviderError) -> [DomainEvent] {
        try adapter.events(in: body).map(\.withUsableNames)
    }
}

// MARK: - Requests and their outcomes

extension Provider {
    /// The request that performs `operation`, within the provider's limits. If the provider has no
    /// buttons or menus, they become numbered lists.
    package func request(
        for operation: ProviderOperation,
        through channel: ChannelAccess
    ) throws(ProviderError) -> ProviderRequest {
        let operation = try operation.written(for: self)
        guard capabilities.contains(operation.capability) else {
            throw .unsupported(operation.capability, self)
        }
        return try adapter.request(for: operation, through: channel)
    }

    /// The outcome of a send.
    package func outcome(of result: TransportResult, now: Timestamp) -> SendOutcome {
        switch result {
        case .notSent(let reason): .retry(.unreachable(reason))
        case .lost(let reason): .unknown(.answerLost(detail: reason))
        case .reply(let reply): outcome(of: reply, now: now)
        }
    }

    /// How to react to a failure that arrived later, in a status webhook.
    package func outcome(of failure: ProviderFailure) -> SendOutcome {
        adapter.outcome(of: failure)
    }

    private func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let outcome = adapter.outcome(of: reply, now: now)
        guard case .accepted(let acceptance) = outcome, !acceptance.messageID.value.isProviderName
        else { return outcome }
        return .successWithoutID(reply)
    }
}

// MARK: - Questions

extension Provider {
    /// Whether a number is on WhatsApp, from the reply to `ProviderOperation.checkNumber`.
    package func numberCheck(of result: TransportResult, now: Timestamp) -> NumberCheck {
        guard case .reply(let reply) = result else {
            return .inconclusive(outcome(of: result, now: now))
        }
        return adapter.numberCheck(in: reply) ?? .inconclusive(outcome(of: reply, now: now))
    }

    /// The status of a message, from the reply to `ProviderOperation.lookUpMessage`.
    package func lookup(of result: TransportResult, now: Timestamp) -> MessageLookup {
        guard case .reply(let reply) = result else {
            return .inconclusive(outcome(of: result, now: now))
        }
        let answer = adapter.lookup(in: reply)
        guard case .found(let updates) = answer else {
            return answer ?? .inconclusive(outcome(of: reply, now: now))
        }
        return .found(updates.filter { $0.messageID.value.isProviderName })
    }
}

/// Whether a number is on WhatsApp.
package enum NumberCheck: Equatable, Sendable {
    /// The identities under which the provider knows this number.
    case exists([ContactIdentity])
    case absent
    /// Neither yes nor no. Callers must never record such a number as absent.
    case inconclusive(SendOutcome)
}

/// What a provider knows about a message that was sent.
package enum MessageLookup: Equatable, Sendable {
    /// In no particular order: fold them with `DeliveryStatus.merged(with:)`.
    case found([StatusUpdate])
    case notFound
    case inconclusive(SendOutcome)
}
