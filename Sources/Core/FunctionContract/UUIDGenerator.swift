/// Makes version 7 identifiers. Each is greater than the one before, even when the clock stops or
/// goes back.
package struct UUIDGenerator: Sendable {
    private var milliseconds: UInt64 = 0
    /// The 74 bits after the time: 12 after the version and 62 after the variant.
    private var tail: (high: UInt64, low: UInt64) = (0, 0)

    package init() {}

    /// The next identifier at `now`, in milliseconds since 1970.
    package mutating func next(
        now: UInt64,
        random: inout some RandomNumberGenerator
    ) -> UUID {
        if now > milliseconds {
            milliseconds = now
            tail = (random.next() & 0xFFF, random.next() & Self.lowMask)
        } else {
            // A random step keeps the next identifier unguessable (RFC 9562 §6.2, method 2).
            advance(by: 1 + (random.next() & 0xFFFF_FFFF))
        }
        return UUID(
            high: milliseconds << 16 | 0x7 << 12 | tail.high,
            low: 0b10 << 62 | tail.low
        )
    }

    private mutating func advance(by step: UInt64) {
        tail.low += step
        tail.high += tail.low >> 62
        tail.low &= Self.lowMask
        // The 74 bits overflowed: borrow from the future, as the RFC allows.
        milliseconds += tail.high >> 12
        tail.high &= 0xFFF
    }

    private static let lowMask: UInt64 = (1 << 62) - 1
}
