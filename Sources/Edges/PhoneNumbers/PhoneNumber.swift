private import CPhoneNumber
package import NumberingPlans

/// A phone number that exists in its country's numbering plan.
package struct PhoneNumber: Hashable, Sendable {
    /// As it was meant by whoever typed it: `+2290197123456`. It is never rewritten into another
    /// form of the same number.
    package let e164: String
    package let countryCallingCode: Int
    /// `BJ`; nil for numbers of no country.
    package let region: String?
    package let line: LineType

    /// Reads what people type. `region` says where a number without `+` or international prefix
    /// is dialled from.
    package init(_ text: String, region: String? = nil) throws(PhoneNumberError) {
        let parts = try Parts(text, region: region?.uppercased() ?? "")
        let plan = NumberingPlan(rawValue: parts.countryCode)
        // The plans that we know ourselves may be newer than the library.
        guard let line = plan?.line(ofSignificant: parts.significant) ?? parts.line else {
            throw .invalid
        }
        self.line = line
        e164 = "+\(parts.countryCode)\(parts.significant)"
        countryCallingCode = parts.countryCode
        self.region = parts.region
    }

    /// Every form in which the account behind this number may be known, this one first.
    package var matchingCandidates: [String] { NumberingPlan.candidates(for: e164) }
}

extension PhoneNumber {
    /// As it is written at home: `01 97 12 34 56`.
    package var nationalDisplay: String { Self.display(e164, isInternational: false) }

    /// As it is written abroad: `+229 01 97 12 34 56`.
    package var internationalDisplay: String { Self.display(e164, isInternational: true) }

    private static func display(_ e164: String, isInternational: Bool) -> String {
        var text = [CChar](repeating: 0, count: 64)
        let size = text.count
        let code = Int32(isInternational ? 1 : 0)
        guard unsafe cphone_display(e164, e164.utf8.count, code, &text, size) == 0 else {
            return e164
        }
        let written = String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        return grouped(written, isInternational: isInternational)
    }

    /// The library leaves the digits of a plan that it does not know in one piece: pairs are how
    /// Benin writes them.
    private static func grouped(_ written: String, isInternational: Bool) -> String {
        let prefix = "+\(NumberingPlan.benin.rawValue) "
        let digits = written.hasPrefix(prefix) ? written.dropFirst(prefix.count) : written[...]
        guard digits.count == 10, digits.hasPrefix("01"), digits.allSatisfy(\.isNumber) else {
            return written
        }
        let characters = Array(digits)
        let pairs = stride(from: 0, to: 10, by: 2).map { String(characters[$0..<$0 + 2]) }
        return (isInternational ? prefix : "") + pairs.joined(separator: " ")
    }
}

/// What the library makes of a text.
private struct Parts {
    /// Longer than any number that anyone writes, with its separators.
    static let byteLimit = 64

    let countryCode: Int
    let significant: String
    let region: String?
    /// Nil when the library knows no such number.
    let line: LineType?

    init(_ text: String, region: String) throws(PhoneNumberError) {
        let count = text.utf8.count
        if count > Self.byteLimit { throw .tooLong }
        if text.utf8.contains(0) { throw .notANumber }
        var number = cphone_number()
        let result = unsafe cphone_parse(text, count, region, region.utf8.count, &number)
        let namesCountry = !region.isEmpty || text.contains { "+＋".contains($0) }
        if let error = PhoneNumberError(result, namesCountry: namesCountry) { throw error }
        countryCode = Int(number.country_code)
        significant = Self.text(number.significant)
        let code = Self.text(number.region)
        // "001" stands for numbers of the whole world.
        self.region = code.isEmpty || code == "ZZ" || code == "001" ? nil : code
        line = number.is_valid == 0 ? nil : Self.line(number.line)
    }

    private static func line(_ line: Int32) -> LineType {
        switch line {
        case Int32(CPHONE_MOBILE.rawValue): .mobile
        case Int32(CPHONE_FIXED.rawValue): .fixed
        default: .unknown
        }
    }

    /// A C array of characters, which Swift sees as a tuple.
    private static func text<Characters>(_ characters: Characters) -> String {
        unsafe withUnsafeBytes(of: characters) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

extension PhoneNumberError {
    fileprivate init?(_ result: Int32, namesCountry: Bool) {
        switch UInt32(result) {
        case CPHONE_PARSED.rawValue: return nil
        case CPHONE_COUNTRY_UNKNOWN.rawValue:
            self = namesCountry ? .countryUnknown : .countryMissing
        case CPHONE_NOT_A_NUMBER.rawValue: self = .notANumber
        case CPHONE_TOO_SHORT.rawValue: self = .tooShort
        case CPHONE_TOO_LONG.rawValue: self = .tooLong
        default: self = .notANumber
        }
    }
}
