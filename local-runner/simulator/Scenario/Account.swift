import Providers

/// A number, device, session or instance that the platform sends through.
struct Account: Equatable, Sendable {
    let provider: Provider
    /// Meta's phone number id, respond.io's channel, Wassenger's device, WAHA's session or
    /// Evolution's instance.
    let id: String
    /// Meta's WhatsApp Business Account.
    var businessID: String
    /// Our own number, with `+`.
    var phone: String
    /// The last part of the address of its webhooks.
    var channel: String
    /// What signs its webhooks.
    var secret: String
    /// The unguessable part of the address of its webhooks, when there is one.
    var addressSecret: String?
    /// What requests must carry; nil takes anything.
    var token: String?

    /// An account nobody described.
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
