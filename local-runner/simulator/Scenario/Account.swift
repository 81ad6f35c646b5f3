import Providers

/// A number, device, session or instance through which the platform sends.
struct Account: Equatable, Sendable {
    let provider: Provider
    /// Meta's phone number id, respond.io's channel, Wassenger's device, WAHA's session or
    /// Evolution's instance.
    let id: String
    /// Meta's WhatsApp Business Account.
    var businessID: String
    /// Our own number, with `+`.
    var phone: String
    /// The last path segment of its webhook address.
    var channel: String
    /// The key that signs its webhooks.
    var secret: String
    /// The secret segment of its webhook address, if it has one.
    var addressSecret: String?
    /// The token that requests must carry; nil accepts any request.
    var token: String?

    /// An account that the scenario does not describe.
    init(_ provider: Provider, _ id: String, secret: String) {
        self.provider = provider
        self.id = id
        businessID = Self.unnamedBusiness
        phone = Self.unnamedPhone
        channel = id
        self.secret = secret
    }

    static let unnamedBusiness = "100000000000001"
    static let unnamedPhone = "+15550783881"
}
