extension Timestamp {
    /// Parses RFC 3339 with any offset and any number of fractional digits. Digits beyond
    /// microseconds are cut off. A leap second becomes the first second of the next minute.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = Self.digits(bytes[0..<4]), let month = Self.digits(bytes[5..<7]),
            let day = Self.digits(bytes[8..<10]), let hour = Self.digits(bytes[11..<13]),
            let minute = Self.digits(bytes[14..<16]), let second = Self.digits(bytes[17..<19]),
            (1...12).contains(month), (1...CivilDate.days(inMonth: month, of: year)).contains(day),
            hour < 24, minute < 60, second <= 60,
            let (fraction, zone) = Self.fraction(bytes[19...]),
            let offsetMinutes = Self.offset(Array(zone))
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let minutes = days * 1440 + hour * 60 + minute - offsetMinutes
        self.init(microseconds: Int64((minutes * 60 + second) * 1_000_000 + fraction))
    }

    /// The microseconds after the decimal point, if present, and the remaining bytes.
    private static func fraction(
        _ bytes: ArraySlice<UInt8>
    ) -> (microseconds: Int, rest: ArraySlice<UInt8>)? {
        guard bytes.first == UInt8(ascii: ".") else { return (0, bytes) }
        let decimals = bytes.dropFirst().prefix { (0x30...0x39).contains($0) }
        guard !decimals.isEmpty else { return nil }
        let six = decimals.prefix(6) + Array(repeating: 0x30, count: max(0, 6 - decimals.count))
        return (digits(six) ?? 0, bytes[decimals.endIndex...])
    }

    private static func offset(_ zone: [UInt8]) -> Int? {
        if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"),
            zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
            let hours = digits(zone[1..<3]), let minutes = digits(zone[4..<6]),
            hours < 24, minutes < 60
        else { return nil }
        return (zone[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
