internal import Accounts
private import Exchange
internal import HTTPClient
internal import Providers

/// A question about a number, as it goes over the wire.
enum CheckExchange {
    /// Providers ask WhatsApp itself, which takes its time.
    static let answerLimit: Duration = .seconds(45)

    static func request(
        _ phone: String,
        through access: ChannelAccess,
        of provider: Provider
    ) throws(ProviderError) -> OutboundRequest {
        let request = try provider.request(for: .checkNumber(phone), through: access)
        var outbound = OutboundRequest(request, within: answerLimit)
        // Nothing arrives while the provider asks.
        outbound.limits.slowness = answerLimit
        return outbound
    }
}
