import FunctionContract

/// Names for requests and traces: random enough never to meet again, made without a system call.
struct RequestIDs {
    private var state: UInt64

    init(seed: UInt64 = .random(in: .min ... .max)) {
        state = seed
    }

    /// 128 bits in hexadecimal: also a W3C trace id.
    mutating func next() -> String {
        hexadecimal(next64()) + hexadecimal(next64())
    }

    /// A `traceparent` (W3C Trace Context) whose trace id is `requestID`, or a new one when that
    /// cannot be one.
    mutating func traceparent(_ requestID: String) -> String {
        "00-\(Self.isTraceID(requestID) ? requestID : next())-\(hexadecimal(next64()))-01"
    }

    private static func isTraceID(_ text: String) -> Bool {
        let digits = text.utf8
        let isLowercaseHexadecimal = digits.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        return digits.count == 32 && isLowercaseHexadecimal
            && !digits.allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// SplitMix64.
    private mutating func next64() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private func hexadecimal(_ value: UInt64) -> String {
        Base16.encode((0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) })
    }
}
