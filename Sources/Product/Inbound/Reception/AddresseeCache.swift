internal import Accounts
internal import FunctionContract
internal import Providers

/// What is known about an address, and since when.
struct Addressee {
    let provider: Provider
    let workspace: UUID
    let credentials: WebhookCredentials
    let readAt: Timestamp

    func proves(_ delivery: WebhookDelivery, now: Timestamp) -> Bool {
        do {
            try provider.verify(delivery, secrets: credentials.secrets, now: now)
            return true
        } catch {
            return false
        }
    }
}

/// The addresses that were called lately.
struct AddresseeCache {
    static let limit = 10_000

    private var addressees: [WebhookAddress: Addressee] = [:]

    subscript(address: WebhookAddress) -> Addressee? {
        get { addressees[address] }
        set {
            // Everything in it can be read again: which ones stay is not worth a queue.
            if newValue != nil, addressees.count >= Self.limit { addressees.removeAll() }
            addressees[address] = newValue
        }
    }
}
