/// Delays the starts of a function that keeps crashing: no delay, then 0.1 s, doubling to 30 s.
struct CrashBackOff {
    private static let first: Milliseconds = 100
    private static let longest: Milliseconds = 30_000

    private var crashes = 0
    private var allowedAt: Milliseconds = 0

    mutating func crashed(_ now: Milliseconds) {
        crashes += 1
        guard crashes > 1 else { return }
        allowedAt = now + min(Self.longest, Self.first << Milliseconds(min(crashes - 2, 16)))
    }

    /// A reply proves that the function works.
    mutating func reset() {
        crashes = 0
        allowedAt = 0
    }

    func allows(_ now: Milliseconds) -> Bool { now >= allowedAt }
}
