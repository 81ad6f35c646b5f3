/// Percent-encoding of URLs (RFC 3986) and of forms.
package enum PercentEncoding {
    /// Decodes `encoded`. A `%` without a valid escape is kept, as in browsers. Bytes that are not
    /// UTF-8 become U+FFFD.
    package static func decode(_ encoded: some StringProtocol, plusIsSpace: Bool = false) -> String
    {
        let bytes = Array(encoded.utf8)
        guard
            bytes.contains(UInt8(ascii: "%")) || (plusIsSpace && bytes.contains(UInt8(ascii: "+")))
        else { return String(encoded) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Base16.value(bytes[index + 1]),
                let low = Base16.value(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                let isSpace = plusIsSpace && bytes[index] == UInt8(ascii: "+")
                decoded.append(isSpace ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Escapes everything except unreserved characters. The result is safe in a path segment, a
    /// query name or a query value.
    package static func encode(_ text: some StringProtocol) -> String {
        encode(text) { isUnreserved($0) }
    }

    /// Escapes the characters of a decoded path that are not allowed in one (RFC 3986 §3.3).
    package static func encode(path: some StringProtocol) -> String {
        encode(path) { isUnreserved($0) || "/!$&'()*+,;=:@".utf8.contains($0) }
    }

    private static func encode(
        _ text: some StringProtocol,
        keeping isKept: (UInt8) -> Bool
    ) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isKept(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(upperCaseDigits[Int(byte >> 4)])
                encoded.append(upperCaseDigits[Int(byte & 0x0F)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static let upperCaseDigits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
