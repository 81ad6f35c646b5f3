internal import FunctionContract

/// Keeps requests to unknown addresses from costing a query each.
///
/// A missing address is remembered for a second. Unknown addresses are looked up at a bounded rate.
/// Known channels do not count.
struct StrangerLimit {
    /// The most missing addresses that are remembered.
    static let memory = 1000
    /// How long an address counts as missing; a new channel is reachable after this time at the
    /// latest.
    static let memoryMilliseconds: Int64 = 1000
    /// The most look-ups of new addresses at once, and the time after which one more is allowed.
    static let burst: Int64 = 200
    static let intervalMilliseconds: Int64 = 20

    private var missing: [WebhookAddress: Int64] = [:]
    /// When the full burst is available again, in milliseconds.
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
