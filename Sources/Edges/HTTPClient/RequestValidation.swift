extension OutboundRequest {
    /// Why this request must not leave the process, or nil. libcurl writes header lines as given:
    /// a CR or LF inside one would start a header, or a request, of someone else's choice.
    func refusal() -> OutboundFailure? {
        if let problem = urlProblem() ?? headers.lazy.compactMap(\.problem).first {
            return OutboundFailure(.invalidRequest, problem)
        }
        if !body.isEmpty, method == .get || method == .head {
            return OutboundFailure(.invalidRequest, "a \(method.rawValue) request carries no body")
        }
        return nil
    }

    private func urlProblem() -> String? {
        guard url.utf8.count <= Self.urlLimit else {
            return "the URL is longer than \(Self.urlLimit) bytes"
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return "the URL contains a space or a control character"
        }
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", url.dropFirst(scheme.count).hasPrefix("://")
        else { return "the URL does not begin with http:// or https://" }
        let authority = url.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
        guard !authority.contains("@"), !authority.contains("\\") else {
            return "the URL holds a user, a password or a backslash before its path"
        }
        return nil
    }

    private static let urlLimit = 8 << 10
}

extension OutboundHeader {
    // Framing belongs to libcurl: a second opinion on it is how requests are smuggled.
    private static let reserved: Set = ["content-length", "transfer-encoding", "expect", "trailer"]

    fileprivate var problem: String? {
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isToken) else {
            return "a header name is empty or holds a character that names may not hold"
        }
        guard !Self.reserved.contains(name.lowercased()) else {
            return "the header \(name) is set by the client itself"
        }
        guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
            return "the value of header \(name) holds a control character"
        }
        return nil
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default:
            tokenMarks.contains(byte)
        }
    }

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)
}
