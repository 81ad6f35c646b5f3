/// Base64 (RFC 4648 §4). Decoding is strict: no white space, correct padding.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// The value of each digit, and `none` for every other byte.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: none, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    private static let none: UInt8 = 0xFF
    private static let padding = UInt8(ascii: "=")

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        let digits = alphabet
        text.append(addingCapacity: (bytes.count + 2) / 3 * 4) { text in
            for index in stride(from: 0, to: bytes.count, by: 3) {
                let count = min(3, bytes.count - index)
                var group = UInt32(bytes[index]) << 16
                if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
                if count > 2 { group |= UInt32(bytes[index + 2]) }
                text.append(digits[Int(group >> 18)])
                text.append(digits[Int(group >> 12 & 0x3F)])
                text.append(count > 1 ? digits[Int(group >> 6 & 0x3F)] : padding)
                text.append(count > 2 ? digits[Int(group & 0x3F)] : padding)
            }
        }
    }

    package static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8.span)
    }

    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        guard text.count > 0 else { return [] }
        var count = text.count
        if text[count - 1] == padding { count -= text[count - 2] == padding ? 2 : 1 }
        let table = values
        var group: UInt32 = 0
        var seen: UInt8 = 0
        let bytes = [UInt8](capacity: text.count / 4 * 3) { bytes in
            for index in 0..<count {
                let value = table[Int(text[index])]
                seen |= value
                group = group << 6 | UInt32(value & 0x3F)
                if index & 3 != 0 {
                    bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(6 - 2 * (index & 3))))
                }
            }
        }
        return seen & 0xC0 == 0 ? bytes : nil
    }
}

/// Lower-case hexadecimal.
package enum Base16 {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 0x0F))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the sixteen digits of `value`. Hosts use it for request ids.
    package static func append(_ value: UInt64, to text: inout [UInt8]) {
        text.append(addingCapacity: 16) { output in
            for shift in stride(from: 60, through: 0, by: -4) {
                output.append(digit(UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 0x0F))
            }
        }
    }

    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// The digit of a value below 16.
    static func digit(_ value: UInt8) -> UInt8 {
        value &+ (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    /// The value of a digit, of either case.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
