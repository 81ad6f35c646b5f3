internal import FunctionContract
internal import Providers

/// The path to which a webhook is delivered: `/webhooks/{provider}/{channel}`.
struct WebhookAddress: Sendable, Hashable {
    let provider: Provider
    let channel: UUID

    /// Returns nil for an address that no channel can have.
    init?(provider: String?, channel: String?) {
        guard let provider = provider.flatMap(Provider.init(rawValue:)),
            let channel = channel.flatMap({ UUID($0) })
        else { return nil }
        self.provider = provider
        self.channel = channel
    }
}
