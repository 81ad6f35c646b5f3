private import CPhoneNumber
package import NumberingPlans

/// A phone number that exists in its country's numbering plan.
package struct PhoneNumber: Hashable, Sendable {
    /// The number as the user meant it: `+2290197123456`. It is never rewritten into another form
    /// of the same number.
    package let e164: String
    package let countryCallingCode: Int
    /// The country, such as `BJ`; nil for numbers without a country.
    package let region: String?
    package let line: LineType

    /// Reads user input. `region` is the country from which a number without `+` or international
    /// prefix is dialled.
    package init(_ text: String, region: String? = nil) throws(PhoneNumberError) {
        let parts = try Parts(text, region: region?.uppercased() ?? "")
        let plan = NumberingPlan(rawValue: parts.countryCode)
        // Our own numbering plans may be newer than the library's.
        guard let line = plan?.line(ofSignificant: parts.significant) ?? parts.line else {
            throw .invalid
        }
        self.line = line
        e164 = "+\(parts.countryCode)\(parts.significant)"
        countryCallingCode = parts.countryCode
        self.region = parts.region
    }

    /// All forms under which the account of this number may be known, this number first.
    package var matchingCandidates: [String] { NumberingPlan.candidates(for: e164) }
}

extension PhoneNumber {
    /// The number in national format: `01 97 12 34 56`.
    package var nationalDisplay: String { Self.display(e164, isInternational: false) }

    /// The number in international format: `+229 01 97 12 34 56`.
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

    /// Groups Benin's new numbers in pairs. The library does not know their plan and leaves the
    /// digits ungrouped.
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

/// The result of parsing a text with the library.
private struct Parts {
    /// Longer than any real number with its separators.
    static let byteLimit = 64

    let countryCode: Int
    let significant: String
    let region: String?
    /// Nil when the library considers the number invalid.
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
        if significant.isEmpty { throw .libraryFailed }
        let code = Self.text(number.region)
        // "001" marks international numbers without a country.
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

    /// Reads a C array of characters, which Swift imports as a tuple.
    private static func text<Characters>(_ characters: Characters) -> String {
        unsafe withUnsafeBytes(of: characters) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

extension PhoneNumberError {
    /// Nil when the library has parsed the text. Any result that it does not name is its failure.
    init?(_ result: Int32, namesCountry: Bool) {
        switch UInt32(bitPattern: result) {
        case CPHONE_PARSED.rawValue: return nil
        case CPHONE_COUNTRY_UNKNOWN.rawValue:
            self = namesCountry ? .countryUnknown : .countryMissing
        case CPHONE_NOT_A_NUMBER.rawValue: self = .notANumber
        case CPHONE_TOO_SHORT.rawValue: self = .tooShort
        case CPHONE_TOO_LONG.rawValue: self = .tooLong
        default: self = .libraryFailed
        }
    }
}
