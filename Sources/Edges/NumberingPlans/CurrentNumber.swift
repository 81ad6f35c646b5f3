/// The kind of line of a number.
package enum LineType: String, Sendable {
    case mobile
    case fixed
    /// Either could apply, or neither: for example a toll-free number or a special service.
    case unknown
}

extension NumberingPlan {
    /// The kind of line of a number in its current form. Covers only plans that changed too
    /// recently for a phone library; nil when unknown.
    package func line(ofSignificant digits: String) -> LineType? {
        let digits = Array(digits.utf8)
        guard digits.count == 10 else { return nil }
        return switch self {
        case .benin: Self.beninLine(digits)
        case .coteDIvoire: Self.ivorianLine(digits)
        case .mexico, .argentina, .brazil: nil
        }
    }

    /// After the prefix 01: 4, 5, 6, 9 and 25 to 29 are mobile, 20 to 24 are landlines.
    private static func beninLine(_ digits: [UInt8]) -> LineType? {
        guard digits.starts(with: "01".utf8) else { return nil }
        return switch (digits[2], digits[3]) {
        case (UInt8(ascii: "4")...UInt8(ascii: "6"), _), (UInt8(ascii: "9"), _): .mobile
        case (UInt8(ascii: "2"), UInt8(ascii: "5")...UInt8(ascii: "9")): .mobile
        case (UInt8(ascii: "2"), _): .fixed
        default: nil
        }
    }

    private static func ivorianLine(_ digits: [UInt8]) -> LineType? {
        switch String(decoding: digits[..<2], as: UTF8.self) {
        case "01", "05", "07": .mobile
        case "21", "25", "27": .fixed
        default: nil
        }
    }
}
