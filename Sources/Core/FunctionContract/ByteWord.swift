/// Eight bytes in one machine word, compared in parallel with ordinary 64-bit arithmetic.
///
/// A comparison sets a mark: the highest bit of each matching byte. A borrow can set false marks
/// above a true one, so only the lowest mark is valid. Searches need only that one.
struct ByteWord {
    private let bits: UInt64

    /// Reads eight bytes of `span` at `index`. The optimiser merges the eight reads into one load.
    @inline(__always)
    init(_ span: Span<UInt8>, at index: Int) {
        let eight = span.extracting(index..<index + 8)
        var bits: UInt64 = 0
        for place in 0..<8 { bits |= UInt64(eight[place]) &<< UInt64(8 * place) }
        self.bits = bits
    }

    /// Reads the fewer than eight bytes of `span` from `index` to its end, padded with zeros.
    @inline(__always)
    init(_ span: Span<UInt8>, after index: Int) {
        let count = span.count - index
        guard span.count < 8 else {
            bits = ByteWord(span, at: span.count - 8).bits >> UInt64(8 * (8 - count))
            return
        }
        var bits: UInt64 = 0
        for place in 0..<count { bits |= UInt64(span[index + place]) &<< UInt64(8 * place) }
        self.bits = bits
    }

    @inline(__always)
    func equal(to byte: UInt8) -> UInt64 {
        let difference = bits ^ (Self.ones &* UInt64(byte))
        return (difference &- Self.ones) & ~difference & Self.highBits
    }

    /// Marks the bytes less than `byte`, which is at most 0x80.
    @inline(__always)
    func below(_ byte: UInt8) -> UInt64 {
        (bits &- Self.ones &* UInt64(byte)) & ~bits & Self.highBits
    }

    @inline(__always)
    var notASCII: UInt64 { bits & Self.highBits }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var highBits: UInt64 { 0x8080_8080_8080_8080 }
}

extension Span<UInt8> {
    func isEqual(to text: String) -> Bool {
        let other = text.utf8.span
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// The index of the first marked byte at or after `start`, or `count`.
    @inline(__always)
    func firstIndex(from start: Int, marked mark: (ByteWord) -> UInt64) -> Int {
        var rest = extracting(start...)
        while rest.count >= 16 {
            let first = mark(ByteWord(rest, at: 0))
            let second = mark(ByteWord(rest, at: 8))
            if first | second != 0 {
                let place =
                    first != 0
                    ? first.trailingZeroBitCount : 64 + second.trailingZeroBitCount
                return count - rest.count + place / 8
            }
            rest = rest.extracting(droppingFirst: 16)
        }
        var index = count - rest.count
        if rest.count >= 8 {
            let marks = mark(ByteWord(rest, at: 0))
            if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
            index += 8
        }
        guard index < count else { return count }
        let marks = mark(ByteWord(self, after: index))
        return Swift.min(count, index + marks.trailingZeroBitCount / 8)
    }
}
