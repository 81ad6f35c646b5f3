extension JSONParser {
    /// An integer if the number is written as one and fits, otherwise the nearest `Double`.
    mutating func number() throws(ContractError) -> JSON {
        let start = offset
        let isNegative = passes(UInt8(ascii: "-"))
        let isZero = offset < bytes.count && bytes[offset] == UInt8(ascii: "0")
        var magnitude = 0
        let wholeDigits = passDigits { magnitude = magnitude &* 10 &+ Int($0) }
        guard wholeDigits > 0, !isZero || wholeDigits == 1 else {
            throw error("a JSON value", at: start)
        }
        guard try !passesFractionOrExponent() else { return try inexact(from: start) }
        if wholeDigits <= Self.surelyExactDigits {
            return .integer(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        return if let integer = Int(text) { .integer(integer) } else { try inexact(from: start) }
    }

    /// Every number with this many digits fits in 64 bits.
    private static let surelyExactDigits = 18

    private func inexact(from start: Int) throws(ContractError) -> JSON {
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let double = Double(text), double.isFinite else {
            throw error("a number that fits 64 bits", at: start)
        }
        return .number(double)
    }

    private mutating func passesFractionOrExponent() throws(ContractError) -> Bool {
        let hasFraction = passes(UInt8(ascii: "."))
        if hasFraction, passDigits() == 0 { throw error("a digit") }
        guard passes(UInt8(ascii: "e")) || passes(UInt8(ascii: "E")) else { return hasFraction }
        if !passes(UInt8(ascii: "+")) { _ = passes(UInt8(ascii: "-")) }
        if passDigits() == 0 { throw error("a digit") }
        return true
    }

    private mutating func passes(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    @inline(__always)
    private mutating func passDigits(_ digit: (UInt8) -> Void = { _ in }) -> Int {
        let start = offset
        while offset < bytes.count, bytes[offset] &- UInt8(ascii: "0") < 10 {
            digit(bytes[offset] - UInt8(ascii: "0"))
            offset += 1
        }
        return offset - start
    }
}
