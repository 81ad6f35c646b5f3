internal import Database
internal import Work

/// A database outage, and when to retry: soon at first, then less often.
struct Outage {
    private let backOff: BackOff
    private var tries = 0
    /// Why the last try failed; nil while the database answers.
    private(set) var error: DatabaseError?
    private(set) var retryAt: ContinuousClock.Instant?

    init(retrying backOff: BackOff = .records) { self.backOff = backOff }

    /// Whether to try the database now.
    func allows(_ now: ContinuousClock.Instant) -> Bool { retryAt.map { $0 <= now } ?? true }

    mutating func goOn(_ error: DatabaseError, random: Double, now: ContinuousClock.Instant) {
        tries += 1
        self.error = error
        retryAt = now + backOff.pause(after: tries, random: random)
    }

    mutating func end() { self = Outage(retrying: backOff) }
}

extension BackOff {
    /// Between two tries to record results.
    static let records = BackOff(first: .milliseconds(100), longest: .seconds(2))
    /// Between two looks for channels. A look that fails takes seconds in which no answer is read.
    static let looks = BackOff(first: .seconds(5), longest: .seconds(60))
}
