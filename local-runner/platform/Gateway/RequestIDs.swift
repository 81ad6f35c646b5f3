import FunctionContract

/// Ids for requests and traces: random, practically unique, made without a system call.
struct RequestIDs {
    private var state: UInt64

    init(seed: UInt64 = .random(in: .min ... .max)) {
        state = seed
    }

    /// 128 bits in hexadecimal. The result is a valid W3C trace id.
    mutating func next() -> String {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        Base16.append(next64(), to: &text)
        Base16.append(next64(), to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// A `traceparent` (W3C Trace Context) with `requestID` as trace id, or with a new id when
    /// `requestID` is not a valid one.
    mutating func traceparent(_ requestID: String) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(55)
        text.append(contentsOf: "00-".utf8)
        text.append(contentsOf: (Self.isTraceID(requestID) ? requestID : next()).utf8)
        text.append(UInt8(ascii: "-"))
        Base16.append(next64(), to: &text)
        text.append(contentsOf: "-01".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    private static func isTraceID(_ text: String) -> Bool {
        let digits = text.utf8.span
        guard digits.count == 32 else { return false }
        var isZero = true
        for index in digits.indices {
            let digit = digits[index]
            guard digit &- UInt8(ascii: "0") < 10 || digit &- UInt8(ascii: "a") < 6 else {
                return false
            }
            isZero = isZero && digit == UInt8(ascii: "0")
        }
        return !isZero
    }

    /// SplitMix64.
    private mutating func next64() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
