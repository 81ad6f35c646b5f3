private import Glibc
private import Synchronization

// The only file of this module that uses the system: the clock and random numbers.

extension Timestamp {
    /// The wall clock.
    package static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

extension UUID {
    private static let generator = Mutex(UUIDGenerator())

    /// A new identifier, greater than all earlier ones of this process.
    package static func v7() -> UUID {
        var random = SystemRandomNumberGenerator()
        let now = UInt64(Timestamp.now.milliseconds)
        return generator.withLock { $0.next(now: now, random: &random) }
    }
}
