internal import Database
package import FunctionContract
package import Providers

/// The path to which a webhook is delivered: `/webhooks/{provider}/{channel}`.
package struct WebhookAddress: Sendable, Hashable {
    package let provider: Provider
    package let channel: UUID

    /// Returns nil for an address that no channel can have.
    package init?(provider: String?, channel: String?) {
        guard let provider = provider.flatMap(Provider.init(rawValue:)),
            let channel = channel.flatMap({ UUID($0) })
        else { return nil }
        self.provider = provider
        self.channel = channel
    }
}
