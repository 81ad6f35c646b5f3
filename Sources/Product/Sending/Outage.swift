internal import Database
internal import Work

/// A database outage, and when to retry: soon at first, then less often.
struct Outage {
    private static let backOff = BackOff(first: .milliseconds(100), longest: .seconds(2))

    private var tries = 0
    /// Why the last try failed; nil while the database answers.
    private(set) var error: DatabaseError?
    private(set) var retryAt: ContinuousClock.Instant?

    /// Whether to try the database now.
    func allows(_ now: ContinuousClock.Instant) -> Bool { retryAt.map { $0 <= now } ?? true }

    mutating func goOn(_ error: DatabaseError, random: Double, now: ContinuousClock.Instant) {
        tries += 1
        self.error = error
        retryAt = now + Self.backOff.pause(after: tries, random: random)
    }

    mutating func end() { self = Outage() }
}
