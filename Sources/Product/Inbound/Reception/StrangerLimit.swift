internal import FunctionContract

/// Keeps strangers who call addresses that no channel has from costing a query each.
///
/// A missing address is remembered for a second. Addresses that were never seen are looked up at a
/// bounded rate; channels that are known do not count.
struct StrangerLimit {
    /// Missing addresses that are remembered.
    static let memory = 1000
    /// How long an address counts as missing: a new channel has its address at once, or soon.
    static let memoryMilliseconds: Int64 = 1000
    /// Look-ups of new addresses at once, and the time that each takes of the allowance.
    static let burst: Int64 = 200
    static let intervalMilliseconds: Int64 = 20

    private var missing: [WebhookAddress: Int64] = [:]
    /// When the allowance is whole again, in milliseconds.
    private var wholeAt: Int64 = 0

    func isMissing(_ address: WebhookAddress, now: Timestamp) -> Bool {
        missing[address].map { now.milliseconds - $0 < Self.memoryMilliseconds } ?? false
    }

    mutating func note(missing address: WebhookAddress, now: Timestamp) {
        if missing.count >= Self.memory { missing.removeAll(keepingCapacity: true) }
        missing[address] = now.milliseconds
    }

    /// Whether an address that was never seen may be looked up now.
    mutating func admits(now: Timestamp) -> Bool {
        let next = max(wholeAt, now.milliseconds) + Self.intervalMilliseconds
        guard next - now.milliseconds <= Self.burst * Self.intervalMilliseconds else {
            return false
        }
        wholeAt = next
        return true
    }
}
