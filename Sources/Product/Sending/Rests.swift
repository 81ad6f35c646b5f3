internal import FunctionContract
internal import Work

/// Channels that this process skips for a while, longer each time: it cannot serve them, or their
/// due messages could not be claimed.
struct Rests {
    private struct Rest {
        var count = 0
        var until: ContinuousClock.Instant
    }

    /// Above this number, rests that are over are forgotten.
    private static let limit = 1000

    private var rests: [UUID: Rest] = [:]

    mutating func begin(_ channel: UUID, _ backOff: BackOff, now: ContinuousClock.Instant) {
        if rests.count >= Self.limit { rests = rests.filter { $0.value.until > now } }
        var rest = rests[channel] ?? Rest(until: now)
        rest.count += 1
        rest.until = now + backOff.pause(after: rest.count, random: 1)
        rests[channel] = rest
    }

    /// The channel was served, so its next rest is short again.
    mutating func forget(_ channel: UUID) { rests[channel] = nil }

    func contains(_ channel: UUID, at now: ContinuousClock.Instant) -> Bool {
        rests[channel].map { now < $0.until } ?? false
    }

    func channels(at now: ContinuousClock.Instant) -> [UUID] {
        rests.filter { now < $0.value.until }.map(\.key)
    }
}
