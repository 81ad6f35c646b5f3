/// A number with its country code, in international form: `+22997000000`.
///
/// The format is checked, and the country code is an assigned one. This type does not check whether
/// the country has assigned the number, nor whether it is on WhatsApp.
package struct E164: Sendable, Hashable {
    package let text: String

    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "+"), Self.lengths.contains(bytes.count - 1),
            bytes.dropFirst().allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            CallingCode(prefixing: bytes.dropFirst().map { Int($0 - UInt8(ascii: "0")) }) != nil
        else { return nil }
        self.text = String(text)
    }

    /// The number's country code: 229 for `+22997000000`.
    package var callingCode: Int {
        let digits = text.utf8.dropFirst().map { Int($0 - UInt8(ascii: "0")) }
        guard let code = CallingCode(prefixing: digits) else {
            preconditionFailure("a number has a country code, or it would not be one")
        }
        return code.number
    }

    /// The number of digits after the plus.
    private static let lengths = 7...15
}

extension E164: CustomStringConvertible {
    package var description: String { text }
}

/// An assigned country code of ITU-T E.164.
struct CallingCode {
    let number: Int

    /// The code at the start of a number. No code is a prefix of another.
    init?(prefixing digits: [Int]) {
        var number = 0
        for (position, digit) in digits.prefix(3).enumerated() {
            number = number * 10 + digit
            if Self.isAssigned(number, digits: position + 1) {
                self.number = number
                return
            }
        }
        return nil
    }

    private static func isAssigned(_ number: Int, digits: Int) -> Bool {
        switch digits {
        case 1: number == 1 || number == 7
        case 2: twoDigits.contains(number)
        default: (210...999).contains(number) && !spare.contains(number) && !isLonger(number)
        }
    }

    /// Whether these three digits begin with a shorter code.
    private static func isLonger(_ number: Int) -> Bool {
        twoDigits.contains(number / 10) || number / 100 == 7
    }

    private static let twoDigits: Set = [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55,
        56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ]

    private static let spare = Set(280...289).union(830...839).union(890...899).union([
        210, 214, 215, 217, 219, 259, 292, 293, 294, 295, 296, 384, 388, 422, 424, 425, 426, 427,
        428, 429, 671, 684, 693, 694, 695, 696, 697, 698, 699, 801, 802, 803, 804, 805, 806, 807,
        809, 851, 854, 857, 858, 859, 871, 872, 873, 874, 875, 876, 877, 879, 884, 885, 887, 889,
        969, 978, 990, 997, 999,
    ])
}
