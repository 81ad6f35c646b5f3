// Text is built in place as bytes, which avoids temporary strings.

extension [UInt8] {
    /// Appends in one block: the loop over the span compiles to a single copy.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in output.append(bytes) }
    }

    mutating func append(decimal value: Int64) {
        append(addingCapacity: 20) { output in output.append(decimal: value) }
    }
}

extension OutputSpan<UInt8> {
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
    }

    /// Appends a number below a hundred.
    mutating func append(twoDigits value: some BinaryInteger) {
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    /// Appends `value` in decimal, padded with zeros to at least `width` digits.
    mutating func append(decimal value: Int64, width: Int = 1) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        append(repeating: UInt8(ascii: "0"), count: max(width, rest.decimalDigits))
        var text = mutableSpan
        var place = text.count
        while rest > 0 {
            place -= 1
            text[place] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

extension UInt64 {
    fileprivate var decimalDigits: Int {
        var count = 1
        var rest = self
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }
}
