internal import Accounts
internal import FunctionContract
internal import HTTPClient
internal import Providers

/// Between a question about a number and what goes over the wire.
enum CheckExchange {
    /// Providers ask WhatsApp itself, which takes its time.
    static let answerLimit: Duration = .seconds(45)

    static func request(
        _ phone: String,
        through access: ChannelAccess,
        of provider: Provider
    ) throws(ProviderError) -> OutboundRequest {
        let request = try provider.request(for: .checkNumber(phone), through: access)
        var outbound = OutboundRequest(
            request.method == .get ? .get : .post,
            request.url,
            headers: request.headers.fields.map { OutboundHeader($0.name, $0.value) },
            body: request.body ?? []
        )
        outbound.limits.total = answerLimit
        // Nothing arrives while the provider asks.
        outbound.limits.slowness = answerLimit
        return outbound
    }

    static func result(_ outcome: OutboundOutcome) -> TransportResult {
        switch outcome {
        case .notSent(let failure): return .notSent(failure.message)
        case .unknown(let failure): return .lost(failure.message)
        case .response(let response):
            var headers = HTTPFields()
            for header in response.headers { headers.add(header.name.lowercased(), header.value) }
            return .reply(
                ProviderReply(status: response.status, headers: headers, body: response.body)
            )
        }
    }
}
