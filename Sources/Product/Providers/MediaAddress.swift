// The addresses from which files may be fetched. The addresses come from webhooks, and the request
// carries a token. A foreign address would leak the token or reach into our network.

/// The origin, path and query of an http(s) address.
struct WebAddress: Equatable {
    let scheme: String
    let host: String
    let port: String?
    let pathAndQuery: String

    init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = text[separator.upperBound...]
        let pathStart = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
        let authority = rest[..<pathStart]
        // "https://ours@theirs" looks like our host but leads to theirs.
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains("[") else {
            return nil
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, !parts[0].isEmpty else { return nil }
        host = parts[0].lowercased()
        port = parts.count == 2 ? String(parts[1]) : nil
        let path = rest[pathStart...]
        guard path.isEmpty || path.hasPrefix("/") else { return nil }
        pathAndQuery = path.isEmpty ? "/" : String(path)
    }

    var origin: String { "\(scheme)://\(host)" + (port.map { ":" + $0 } ?? "") }

    func hasSameOrigin(as other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    func isUnder(_ domains: [String]) -> Bool {
        domains.contains { host == $0 || host.hasSuffix("." + $0) }
    }
}

extension ChannelAccess {
    /// The address for `text`, which is a path or an address of the channel's own API. Throws for
    /// any other origin, because the request carries the channel's token.
    func addressOfItsOwn(_ text: String) throws(ProviderError) -> String {
        guard let base = WebAddress(baseURL) else {
            throw .invalid(field: "base URL", reason: "it is no http(s) address")
        }
        let isPath = text.hasPrefix("/") && !text.hasPrefix("//")
        guard let address = WebAddress(isPath ? base.origin + text : text),
            address.hasSameOrigin(as: base)
        else { throw .invalid(field: "media", reason: "the address is not the provider's") }
        return address.origin + address.pathAndQuery
    }
}
