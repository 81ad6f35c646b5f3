/// A web address that somebody can open. It has the scheme http or https, a host that can be
/// resolved, and no user name or password.
package struct WebLink: Sendable, Hashable {
    package static let lengthLimit = 2048

    package let text: String

    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.lengthLimit,
            text.unicodeScalars.allSatisfy(\.isVisible),
            let schemeEnd = text.firstRange(of: "://")
        else { return nil }
        let scheme = text[..<schemeEnd.lowerBound].lowercased()
        let rest = text[schemeEnd.upperBound...]
        let authority = rest.prefix { !"/?#\\".contains($0) }
        guard scheme == "https" || scheme == "http", Self.isAuthority(authority) else { return nil }
        self.text = String(text)
    }

    private static func isAuthority(_ authority: some StringProtocol) -> Bool {
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, isHost(parts[0]) else { return false }
        guard parts.count == 2 else { return true }
        return parts[1].utf8.allSatisfy(\.isDigit) && (1...65_535).contains(Int(parts[1]) ?? 0)
    }

    /// At least two labels, separated by dots; the last is not a number.
    private static func isHost(_ host: some StringProtocol) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, labels.count >= 2, let last = labels.last,
            !last.utf8.allSatisfy(\.isDigit)
        else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.unicodeScalars.allSatisfy {
                    $0.value > 0x7F || $0.properties.isAlphabetic || $0 == "-"
                        || $0.properties.numericType != nil
                }
        }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Unicode.Scalar {
    /// Neither a space nor an invisible character: a link ends at a space, and invisible characters
    /// could disguise its target.
    fileprivate var isVisible: Bool {
        if isASCII { return value > 0x20 && value != 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
