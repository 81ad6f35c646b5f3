internal import Accounts
internal import FunctionContract
internal import Providers

/// The cached data of an address, and when it was read.
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

/// The addresses that were called recently.
struct AddresseeCache {
    static let limit = 10_000

    private var addressees: [WebhookAddress: Addressee] = [:]

    subscript(address: WebhookAddress) -> Addressee? {
        get { addressees[address] }
        set {
            // All entries can be read again, so an eviction order is not worth its cost.
            if newValue != nil, addressees.count >= Self.limit { addressees.removeAll() }
            addressees[address] = newValue
        }
    }
}
