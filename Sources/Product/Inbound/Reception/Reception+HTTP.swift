package import FunctionContract
internal import Providers

/// Webhooks as HTTP requests.
extension Reception {
    /// Stores webhooks that arrived together. Returns for each the reply that its provider expects,
    /// or why it is not stored.
    package mutating func receive(
        _ events: [HTTPEvent],
        now: Timestamp
    ) -> [Result<HTTPReply, InboundError>] {
        let arrivals = events.map { WebhookArrival($0, publicURL: publicURL) }
        var refusals = receive(arrivals.compactMap(\.self), now: now)[...]
        return arrivals.map { arrival in
            guard let arrival else { return .failure(.addressUnknown) }
            if let refusal = refusals.removeFirst() { return .failure(refusal) }
            return .success(.kept(by: arrival.address.provider))
        }
    }

    /// Answers Meta's verification request. Returns nil when its token is not the channel's.
    package mutating func handshake(
        _ event: HTTPEvent,
        now: Timestamp
    ) throws(InboundError) -> HTTPReply? {
        guard let address = WebhookAddress(event) else { throw .addressUnknown }
        let challenge = try handshake(event.queryStringParameters, at: address, now: now)
        return challenge.map { .text($0) }
    }
}

extension WebhookAddress {
    fileprivate init?(_ event: HTTPEvent) {
        self.init(
            provider: event.pathParameters["provider"],
            channel: event.pathParameters["channel"]
        )
    }
}

extension WebhookArrival {
    /// Returns nil for an address that no channel can have.
    fileprivate init?(_ event: HTTPEvent, publicURL: URLPrefix?) {
        guard let address = WebhookAddress(event) else { return nil }
        let delivery = WebhookDelivery(
            headers: event.headers,
            body: event.body ?? [],
            // Providers that do not sign may pass a secret in the address.
            addressSecret: event.queryStringParameters["secret"],
            addresses: Self.addresses(of: event, publicURL)
        )
        self.init(delivery, at: address)
    }

    /// The addresses that the sender may have called: the public address first, then the requested
    /// host. A proxy may have removed TLS, so both schemes are listed.
    private static func addresses(of event: HTTPEvent, _ publicURL: URLPrefix?) -> [String] {
        let query = event.rawQueryString.isEmpty ? "" : "?" + event.rawQueryString
        let host = event.headers["host"] ?? event.requestContext.domainName
        let bases = [publicURL, URLPrefix("https://" + host), URLPrefix("http://" + host)]
        return bases.compactMap { $0?.url(event.rawPath + query) }
    }
}

extension HTTPReply {
    fileprivate static func kept(by provider: Provider) -> HTTPReply {
        let reply = provider.webhookReply
        return HTTPReply(
            headers: ["content-type": reply.contentType],
            body: Array(reply.body.utf8),
            wake: ["inbound"]
        )
    }
}
