internal import FunctionContract
internal import Providers

/// A webhook and the address at which it arrived.
struct WebhookArrival {
    var delivery: WebhookDelivery
    let address: WebhookAddress

    init(_ delivery: WebhookDelivery, at address: WebhookAddress) {
        self.delivery = delivery
        self.address = address
    }
}

/// A webhook that was verified as its channel's.
struct ProvedWebhook {
    let arrival: WebhookArrival
    let workspace: UUID
}
