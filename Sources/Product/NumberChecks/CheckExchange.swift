internal import Accounts
private import Exchange
internal import HTTPClient
internal import Providers

/// The HTTP request that asks about a number.
enum CheckExchange {
    /// Providers forward the question to WhatsApp, which can be slow.
    static let answerLimit: Duration = .seconds(45)

    static func request(
        _ phone: String,
        through access: ChannelAccess,
        of provider: Provider
    ) throws(ProviderError) -> OutboundRequest {
        let request = try provider.request(for: .checkNumber(phone), through: access)
        var outbound = OutboundRequest(request, within: answerLimit)
        // The provider sends no bytes until WhatsApp has answered.
        outbound.limits.slowness = answerLimit
        return outbound
    }
}
