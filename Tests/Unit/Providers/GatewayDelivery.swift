import FunctionContract
import Testing

@testable import Providers

extension Provider {
    func events(_ body: String) throws -> [DomainEvent] { try events(in: Array(body.utf8)) }

    func only(_ body: String) throws -> DomainEvent {
        let events = try events(body)
        try #require(events.count == 1)
        return events[0]
    }

    func message(_ body: String) throws -> InboundMessage {
        guard case .message(let message) = try only(body).kind else { throw Unexpected() }
        return message
    }

    func echo(_ body: String) throws -> InboundMessage {
        guard case .echo(let message) = try only(body).kind else { throw Unexpected() }
        return message
    }

    func status(_ body: String) throws -> StatusUpdate {
        guard case .status(let status) = try only(body).kind else { throw Unexpected() }
        return status
    }

    func session(_ body: String) throws -> SessionUpdate {
        guard case .session(let session) = try only(body).kind else { throw Unexpected() }
        return session
    }

    func outcome(_ status: Int, _ body: String, headers: HTTPFields = [:]) -> SendOutcome {
        outcome(of: .reply(ProviderReply(status: status, headers: headers, body: Array(body.utf8))))
    }

    private func outcome(of result: TransportResult) -> SendOutcome {
        outcome(of: result, now: Timestamp(milliseconds: 1_700_000_000_000))
    }

    func numberCheck(_ status: Int, _ body: String) -> NumberCheck {
        let reply = ProviderReply(status: status, body: Array(body.utf8))
        return numberCheck(of: .reply(reply), now: Timestamp(milliseconds: 0))
    }

    func lookup(_ status: Int, _ body: String) -> MessageLookup {
        let reply = ProviderReply(status: status, body: Array(body.utf8))
        return lookup(of: .reply(reply), now: Timestamp(milliseconds: 0))
    }
}

extension ProviderRequest {
    /// Its body, with members in one order.
    var json: JSON {
        get throws { try JSONParser.parse(try #require(body)).sorted }
    }
}

/// Why a delivery was refused; nil when it was not.
enum Refusal {
    static func of(
        _ provider: Provider,
        _ delivery: WebhookDelivery,
        signing: [String] = [],
        address: [String] = [],
        now: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)
    ) -> WebhookRefusal? {
        do throws(ProviderError) {
            let secrets = WebhookSecrets(signing: signing, address: address)
            try provider.verify(delivery, secrets: secrets, now: now)
            return nil
        } catch {
            guard case .webhookRefused(let reason) = error else { return nil }
            return reason
        }
    }
}
