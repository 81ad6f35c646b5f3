internal import Database
internal import FunctionContract
package import Providers

/// A webhook and the address at which it arrived.
package struct WebhookArrival {
    package internal(set) var delivery: WebhookDelivery
    package let address: WebhookAddress

    package init(_ delivery: WebhookDelivery, at address: WebhookAddress) {
        self.delivery = delivery
        self.address = address
    }
}

/// A webhook that was verified as its channel's.
struct ProvedWebhook {
    let arrival: WebhookArrival
    let workspace: UUID
}
