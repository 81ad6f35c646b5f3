internal import FunctionContract

extension OutboundRequest {
    /// Why this request must not be sent; nil when it may. libcurl writes header lines unchecked,
    /// so a CR or LF in a value could inject a header or a whole request.
    func refusal() -> OutboundFailure? {
        if let problem = urlProblem() ?? headers.problem {
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

extension HTTPFields {
    // libcurl sets the framing. A second, different framing would allow request smuggling.
    private static let reserved: Set = ["content-length", "transfer-encoding", "expect", "trailer"]

    fileprivate var problem: String? {
        for (name, value) in fields {
            guard Self.isName(name) else {
                return "a header name is empty or holds a character that names may not hold"
            }
            guard !Self.reserved.contains(name.lowercased()) else {
                return "the header \(name) is set by the client itself"
            }
            guard Self.isValue(value) else {
                return "the value of header \(name) holds a control character"
            }
        }
        return nil
    }
}
