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

    /// Returns when the delivery proves that it comes from the provider; throws
    /// `ProviderError.webhookRefused` otherwise.
    package func verify(
        _ delivery: WebhookDelivery,
        secrets: WebhookSecrets,
        now: Timestamp
    ) throws(ProviderError) {
        switch self {
        case .meta: try Meta.verify(delivery, secrets)
        case .respondIO: try RespondIO.verify(delivery, secrets)
        case .wassenger: try Wassenger.verify(delivery, secrets)
        case .waha: try WAHA.verify(delivery, secrets)
        case .evolution: try Evolution.verify(delivery, secrets, now: now)
        }
    }

    /// What a webhook body says, in its order. What we do not understand is an `.unknown` event;
    /// only a body that is no JSON is an error.
    package func events(in body: [UInt8]) throws(ProviderError) -> [DomainEvent] {
        let json: JSON
        do {
            json = try JSONParser.parse(body).withoutNulls
        } catch {
            throw .bodyNotJSON(error.message)
        }
        let events: [DomainEvent] =
            switch self {
            case .meta: Meta.events(in: json)
            case .respondIO: RespondIO.events(in: json)
            case .wassenger: Wassenger.events(in: json)
            case .waha: WAHA.events(in: json)
            case .evolution: Evolution.events(in: json)
            }
        return events.map(\.withUsableNames)
    }

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
        return switch self {
        case .meta: try Meta.request(for: operation, through: channel)
        case .respondIO: try RespondIO.request(for: operation, through: channel)
        case .wassenger: try Wassenger.request(for: operation, through: channel)
        case .waha: try WAHA.request(for: operation, through: channel)
        case .evolution: try Evolution.request(for: operation, through: channel)
        }
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
        switch self {
        case .meta: Meta.outcome(of: failure)
        case .respondIO, .wassenger, .waha, .evolution: .gatewayFailure(failure)
        }
    }

    private func outcome(of reply: ProviderReply, now: Timestamp) -> SendOutcome {
        let outcome =
            switch self {
            case .meta: Meta.outcome(of: reply, now: now)
            case .respondIO: RespondIO.outcome(of: reply, now: now)
            case .wassenger: Wassenger.outcome(of: reply, now: now)
            case .waha: WAHA.outcome(of: reply, now: now)
            case .evolution: Evolution.outcome(of: reply, now: now)
            }
        guard case .accepted(let acceptance) = outcome, !acceptance.messageID.value.isProviderName
        else { return outcome }
        return .successWithoutID(reply)
    }
}

extension Provider {
    /// Whether a number is on WhatsApp, from the reply to `ProviderOperation.checkNumber`.
    package func numberCheck(of result: TransportResult, now: Timestamp) -> NumberCheck {
        guard case .reply(let reply) = result else {
            return .inconclusive(outcome(of: result, now: now))
        }
        let answer: NumberCheck? =
            switch self {
            case .meta, .respondIO: nil
            case .wassenger: Wassenger.numberCheck(in: reply)
            case .waha: WAHA.numberCheck(in: reply)
            case .evolution: Evolution.numberCheck(in: reply)
            }
        return answer ?? .inconclusive(outcome(of: reply, now: now))
    }

    /// What became of a message, from the reply to `ProviderOperation.lookUpMessage`.
    package func lookup(of result: TransportResult, now: Timestamp) -> MessageLookup {
        guard case .reply(let reply) = result else {
            return .inconclusive(outcome(of: result, now: now))
        }
        let answer: MessageLookup? =
            switch self {
            case .meta: Meta.lookup(in: reply)
            case .respondIO: RespondIO.lookup(in: reply)
            case .wassenger: Wassenger.lookup(in: reply)
            case .waha, .evolution: nil
            }
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
