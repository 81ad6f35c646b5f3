package import FunctionContract

/// A service that carries WhatsApp messages for a channel.
///
/// Everything a provider does differently stands behind these entry points: whether a webhook is
/// genuine, what happened, which request performs an operation and what its reply means.
package enum Provider: String, CaseIterable, Sendable {
    case meta
    case respondIO = "respondio"
    case wassenger
    case waha
    case evolution
    case twilio

    /// The type in the provider's own folder: the only place that tells providers apart.
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
    /// Returns when the delivery proves that it comes from the provider; throws
    /// `ProviderError.webhookRefused` otherwise.
    package func verify(
        _ delivery: WebhookDelivery,
        secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        try adapter.verify(delivery, secrets, now: now)
    }

    /// What is kept of a delivery that was proved; throws `ProviderError.bodyMalformed` for a body
    /// that nobody could ever read.
    package func keptBody(of delivery: WebhookDelivery) throws(ProviderError) -> [UInt8] {
        try adapter.check(delivery.body)
        return adapter.keptBody(of: delivery)
    }

    /// The answer for a webhook that is kept.
    package var webhookReply: WebhookReply { adapter.webhookReply }

    /// What a kept body says, in its order. What we do not understand is an `.unknown` event; only
    /// a body of another form is an error.
    package func events(in body: [UInt8]) throws(ProviderError) -> [DomainEvent] {
        try adapter.events(in: body).map(\.withUsableNames)
    }
}

// MARK: - Requests and what becomes of them

extension Provider {
    /// The request that performs `operation`, within the provider's limits. Where it has no
    /// buttons or menus, they go out as numbered lists.
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

    /// What became of a send.
    package func outcome(of result: TransportResult, now: Timestamp) -> SendOutcome {
        switch result {
        case .notSent(let reason): .retry(.unreachable(reason))
        case .lost(let reason): .unknown(.answerLost(detail: reason))
        case .reply(let reply): outcome(of: reply, now: now)
        }
    }

    /// What a failure that arrived later, in a status webhook, asks for.
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

    /// What became of a message, from the reply to `ProviderOperation.lookUpMessage`.
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
    /// The identities that the provider knows this number by.
    case exists([Identity])
    case absent
    /// Neither yes nor no: never to be recorded as an absent number.
    case inconclusive(SendOutcome)
}

/// What a provider knows about a message that was sent.
package enum MessageLookup: Equatable, Sendable {
    /// In no particular order: fold them with `DeliveryStatus.merged(with:)`.
    case found([StatusUpdate])
    case notFound
    case inconclusive(SendOutcome)
}
