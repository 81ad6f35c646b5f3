/// The countries whose numbers have changed their form or have two forms.
///
/// One person may have three values: the number as typed, the account id of a provider, and the
/// number in its current form. Candidates serve only to match them. None of the three values is
/// ever replaced by another.
package enum NumberingPlan: Int, CaseIterable, Sendable {
    case mexico = 52
    case argentina = 54
    case brazil = 55
    case coteDIvoire = 225
    case benin = 229

    /// All E.164 forms under which the account of `number` may be known, `number` itself first.
    /// `number` is in E.164, or the same digits without `+` as providers write them. Any other
    /// account name is returned unchanged.
    package static func candidates(for number: String) -> [String] {
        let digits = Array((number.hasPrefix("+") ? number.dropFirst() : number[...]).utf8)
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return [number] }
        let own = "+" + String(decoding: digits, as: UTF8.self)
        guard let (plan, significant) = plan(of: digits) else { return [own] }
        let others = plan.otherForms(of: significant).map { form in
            "+\(plan.rawValue)" + String(decoding: form, as: UTF8.self)
        }
        return [own] + others
    }

    private static func plan(
        of digits: [UInt8]
    ) -> (plan: NumberingPlan, significant: ArraySlice<UInt8>)? {
        for plan in allCases {
            let code = String(plan.rawValue).utf8
            if digits.starts(with: code) { return (plan, digits[code.count...]) }
        }
        return nil
    }

    private func otherForms(of significant: ArraySlice<UInt8>) -> [[UInt8]] {
        let digits = Array(significant)
        return switch self {
        case .mexico: Self.withOrWithout("1", before: digits, of: 10)
        case .argentina: Self.withOrWithout("9", before: digits, of: 10)
        case .brazil: Self.brazilianForms(of: digits)
        case .coteDIvoire: Self.ivorianForms(of: digits)
        case .benin: Self.withOrWithout("01", before: digits, of: 8)
        }
    }

    /// A prefix that is not always written: `521…` and `52…`, `549…` and `54…`. Benin added `01` to
    /// every number on 30 November 2024.
    private static func withOrWithout(
        _ prefix: String,
        before digits: [UInt8],
        of count: Int
    ) -> [[UInt8]] {
        let prefix = Array(prefix.utf8)
        if digits.count == count { return [prefix + digits] }
        guard digits.count == count + prefix.count, digits.starts(with: prefix) else { return [] }
        return [Array(digits[prefix.count...])]
    }

    /// Mobile numbers got a 9 after the area code; landlines did not. Without the 9, mobile numbers
    /// begin with 6 to 9.
    private static func brazilianForms(of digits: [UInt8]) -> [[UInt8]] {
        let mobile = UInt8(ascii: "6")...UInt8(ascii: "9")
        if digits.count == 10, mobile.contains(digits[2]) {
            return [digits[..<2] + [UInt8(ascii: "9")] + digits[2...]]
        }
        if digits.count == 11, digits[2] == UInt8(ascii: "9"), mobile.contains(digits[3]) {
            return [Array(digits[..<2] + digits[3...])]
        }
        return []
    }

    /// On 31 January 2021 every number got the prefix of its operator. The second digit of a mobile
    /// number identifies the operator. A landline number does not, so each operator is a candidate.
    private static func ivorianForms(of digits: [UInt8]) -> [[UInt8]] {
        if digits.count == 8 { return ivorianPrefixes(of: digits).map { $0 + digits } }
        guard digits.count == 10 else { return [] }
        let old = Array(digits[2...])
        return ivorianPrefixes(of: old).contains(Array(digits[..<2])) ? [old] : []
    }

    private static func ivorianPrefixes(of old: [UInt8]) -> [[UInt8]] {
        let prefixes =
            switch (old[0], old[1]) {
            case (UInt8(ascii: "2")...UInt8(ascii: "3"), _): ["27", "25", "21"]
            case (_, UInt8(ascii: "0")...UInt8(ascii: "3")): ["01"]
            case (_, UInt8(ascii: "4")...UInt8(ascii: "6")): ["05"]
            default: ["07"]
            }
        return prefixes.map { Array($0.utf8) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
