/// An IPv4 or IPv6 address.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// Reads 4 or 16 bytes in network order.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16: self = .v6(bytes.reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }

    /// Reads four decimal numbers without leading zeros, or the form of RFC 4291 without a zone.
    package init?(_ text: some StringProtocol) {
        if text.contains(":") {
            guard let value = Self.v6(text) else { return nil }
            self = .v6(value)
        } else {
            guard let value = Self.v4(text) else { return nil }
            self = .v4(value)
        }
    }

    /// The final destination of a packet. For a mapped or translated IPv4 address, this is the IPv4
    /// address (RFC 4291 §2.5.5.2, RFC 6052).
    var reached: IPAddress {
        guard case .v6(let value) = self, Self.translated.contains(value >> 32) else { return self }
        return .v4(UInt32(truncatingIfNeeded: value))
    }

    /// The upper 96 bits of `::ffff:0:0/96` and `64:ff9b::/96`.
    private static let translated: Set<UInt128> = [0xFFFF, 0x0064_FF9B << 64]
}

// MARK: - Text

extension IPAddress {
    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(isDigit),
                part == "0" || part.first != "0", let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func v6(_ text: some StringProtocol) -> UInt128? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0], mayEndInV4: halves.count == 1) else {
            return nil
        }
        var all = head
        if halves.count == 2 {
            guard let tail = groups(halves[1], mayEndInV4: true), head.count + tail.count < 8 else {
                return nil
            }
            all += Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        }
        guard all.count == 8 else { return nil }
        return all.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// Reads groups of 16 bits between colons. The last part may be an IPv4 address: two groups.
    private static func groups(_ text: some StringProtocol, mayEndInV4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, part.contains(".") {
                guard let value = v4(part) else { return nil }
                groups += [UInt16(value >> 16), UInt16(truncatingIfNeeded: value)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}
