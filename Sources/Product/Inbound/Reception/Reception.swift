package import Accounts
package import Database
package import FunctionContract
internal import Providers
private import Work

/// Receives webhooks: verifies them and stores them before the provider gets its answer.
///
/// A body is checked only for the form of its provider's webhooks. A webhook that we do not
/// understand is stored like any other.
package struct Reception {
    private let connection: Connection
    private let addressees: WebhookAddressees
    /// The platform's public address; nil when it is not configured. Some providers sign it.
    let publicURL: URLPrefix?
    private var known = AddresseeCache()
    private var strangers = StrangerLimit()

    package init(
        _ connection: Connection,
        _ addressees: WebhookAddressees,
        publicURL: URLPrefix? = nil
    ) {
        self.connection = connection
        self.addressees = addressees
        self.publicURL = publicURL
    }

    /// Returns the challenge with which to answer Meta's verification request; nil when the token
    /// is not the channel's.
    mutating func handshake(
        _ query: [String: String],
        at address: WebhookAddress,
        now: Timestamp
    ) throws(InboundError) -> String? {
        guard address.provider == .meta else { throw .addressUnknown }
        let oldest = Timestamp(milliseconds: now.milliseconds - Self.doubtMilliseconds)
        let fresh = try addressee(at: address, now: now, notOlderThan: oldest)
        return Meta.handshake(query: query, verifyTokens: fresh.credentials.verifyTokens)
    }

    /// Stores webhooks that arrived together. Returns an error for each webhook that is not stored,
    /// and nil for each that is, now or from an earlier delivery.
    mutating func receive(
        _ arrivals: [WebhookArrival],
        now: Timestamp
    ) -> [InboundError?] {
        var refusals = [InboundError?](repeating: nil, count: arrivals.count)
        var proved: [(place: Int, webhook: ProvedWebhook)] = []
        for (place, arrival) in arrivals.enumerated() {
            do throws(InboundError) {
                let workspace = try prove(arrival.delivery, at: arrival.address, now: now)
                let webhook = ProvedWebhook(arrival: try kept(arrival), workspace: workspace)
                proved.append((place, webhook))
            } catch {
                refusals[place] = error
            }
        }
        for (place, error) in zip(proved.map(\.place), keep(proved.map(\.webhook))) {
            refusals[place] = error
        }
        return refusals
    }

    private func kept(_ arrival: WebhookArrival) throws(InboundError) -> WebhookArrival {
        var kept = arrival
        do {
            kept.delivery.body = try arrival.address.provider.keptBody(of: arrival.delivery)
        } catch {
            throw .refused(error)
        }
        return kept
    }

    /// Stores all in one transaction. If a row is refused, stores each in its own.
    private func keep(_ webhooks: [ProvedWebhook]) -> [InboundError?] {
        guard !webhooks.isEmpty else { return [] }
        do {
            _ = try connection.platform(InboxSQL.keep(webhooks))
            return webhooks.map { _ in nil }
        } catch {
            guard webhooks.count > 1, error.isAboutRows else {
                return webhooks.map { _ in .database(error) }
            }
            return webhooks.flatMap { keep([$0]) }
        }
    }

    /// Returns the webhook's workspace. When the cached secrets do not verify it, the database's
    /// current ones are tried: they may just have been replaced.
    private mutating func prove(
        _ delivery: WebhookDelivery,
        at address: WebhookAddress,
        now: Timestamp
    ) throws(InboundError) -> UUID {
        let known = try addressee(
            at: address,
            now: now,
            notOlderThan: Timestamp(milliseconds: now.milliseconds - Self.trustMilliseconds)
        )
        if known.proves(delivery, now: now) { return known.workspace }
        let fresh = try addressee(
            at: address,
            now: now,
            notOlderThan: Timestamp(milliseconds: now.milliseconds - Self.doubtMilliseconds)
        )
        do throws(ProviderError) {
            try address.provider.verify(delivery, secrets: fresh.credentials.secrets, now: now)
        } catch {
            throw .refused(error)
        }
        return fresh.workspace
    }

    /// How long a channel's cached secrets are used without a query.
    private static let trustMilliseconds: Int64 = 30_000
    /// At most one query per address in this time, since strangers may send any number of invalid
    /// webhooks.
    private static let doubtMilliseconds: Int64 = 1000

    private mutating func addressee(
        at address: WebhookAddress,
        now: Timestamp,
        notOlderThan oldest: Timestamp
    ) throws(InboundError) -> Addressee {
        let cached = known[address]
        if let cached, cached.readAt >= oldest { return cached }
        if strangers.isMissing(address, now: now) { throw .addressUnknown }
        guard cached != nil || strangers.admits(now: now) else { throw .tooManyStrangers }
        let found: (channel: Channel, webhook: WebhookCredentials)?
        do {
            found = try addressees.find(address.channel)
        } catch {
            throw .account(error)
        }
        guard let found, found.channel.provider == address.provider else {
            known[address] = nil
            strangers.note(missing: address, now: now)
            throw .addressUnknown
        }
        let addressee = Addressee(
            provider: address.provider,
            workspace: found.channel.workspace,
            credentials: found.webhook,
            readAt: now
        )
        known[address] = addressee
        return addressee
    }
}

extension DatabaseError {
    /// Whether the server refused the content of a row: its channel is gone, or a value is invalid.
    fileprivate var isAboutRows: Bool {
        switch code {
        case .foreignKeyViolation, .notNullViolation, .checkViolation, .uniqueViolation,
            .exclusionViolation, .invalidValue:
            true
        case .configuration, .unreachable, .authentication, .timeout, .connectionLost,
            .commitUnknown, .serialization, .deadlock, .permission, .invalidStatement, .decoding,
            .migration, .other:
            false
        }
    }
}
