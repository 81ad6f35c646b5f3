/// The base URL of a gateway's API, as configured by a tenant: `https://waha.example.org/api`. An
/// appended path always stays on the same server.
package struct GatewayURL: Equatable, Sendable {
    /// The URL without a trailing slash.
    package let text: String

    /// Checks everything that needs no name resolution. The address of a name is checked when a
    /// connection is made.
    package init(_ text: String, under policy: EgressPolicy) throws(GatewayURLError) {
        guard text.utf8.count <= Self.longest else { throw .tooLong(Self.longest) }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw .characters
        }
        guard let separator = text.firstRange(of: "://") else { throw .scheme }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { throw .scheme }
        let rest = text[separator.upperBound...]
        guard !rest.contains("?"), !rest.contains("#") else { throw .queryOrFragment }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else { throw .userInformation }
        let (host, port) = try Self.split(authority)
        try Self.check(host, isPlain: scheme == "http", policy)
        let path = rest.dropFirst(authority.count)
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !segments.contains(where: { Self.isDots($0) }) else { throw .dots }
        var end = path
        while end.last == "/" { end.removeLast() }
        self.text = "\(scheme)://\(host.lowercased())\(port.map { ":\($0)" } ?? "")\(end)"
    }

    private static let longest = 2048

    private static func split(
        _ authority: Substring
    ) throws(GatewayURLError) -> (host: String, port: Int?) {
        let isBracketed = authority.hasPrefix("[")
        let end =
            isBracketed
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
            : authority.firstIndex(of: ":")
        guard let end else {
            if isBracketed { throw .host }
            return (String(authority), nil)
        }
        let host = String(authority[..<end])
        let tail = authority[end...]
        if tail.isEmpty { return (host, nil) }
        guard tail.hasPrefix(":"), tail.utf8.count <= 6,
            tail.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(tail.dropFirst()), isSane(port)
        else { throw .port }
        return (host, port)
    }

    /// Ports below 1024 belong to system services such as mail or shells, not to gateways.
    private static func isSane(_ port: Int) -> Bool {
        port == 80 || port == 443 || (1024...65_535).contains(port)
    }

    private static func check(
        _ host: String,
        isPlain: Bool,
        _ policy: EgressPolicy
    ) throws(GatewayURLError) {
        if let address = try address(of: host) {
            if let refusal = policy.refusal(of: address, isPlain: isPlain) {
                throw .refused(refusal)
            }
        } else if isPlain, policy.allowsNoNetwork {
            throw .refused(.plain)
        }
    }

    /// The address of a host that needs no name resolution; nil for a name.
    private static func address(of host: String) throws(GatewayURLError) -> IPAddress? {
        if host.hasPrefix("[") {
            guard case .v6(let address)? = IPAddress(host.dropFirst().dropLast()) else {
                throw .host
            }
            return .v6(address)
        }
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        let labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(isLabel), let last = labels.last else {
            throw .host
        }
        if last == "localhost" { return IPAddress("127.0.0.1") }
        // Resolvers also take `127.1`, `0x7f.0.0.1` and `2130706433` for addresses; refuse those.
        let isNumber = last.utf8.allSatisfy { (0x30...0x39).contains($0) } || last.hasPrefix("0x")
        guard isNumber else { return nil }
        guard let address = IPAddress(name) else { throw .host }
        return address
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Whether the segment is `.` or `..`, also when escaped: these could lead out of the path.
    private static func isDots(_ segment: Substring) -> Bool {
        let plain = segment.lowercased().replacing("%2e", with: ".")
        return plain == "." || plain == ".."
    }
}

/// Why a text is not a valid base URL of a gateway's API.
package enum GatewayURLError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLong(Int)
    case characters
    case scheme
    case userInformation
    case queryOrFragment
    case host
    case port
    case dots
    case refused(EgressRefusal)

    package var description: String {
        switch self {
        case .tooLong(let limit): "it is longer than \(limit) characters"
        case .characters:
            "it holds a space, a backslash or a character beyond ASCII; write a name with accents"
                + " in its xn-- form"
        case .scheme: "it does not begin with https://"
        case .userInformation: "it holds a user or a password; those go into the channel's token"
        case .queryOrFragment: "it holds a ? or a #; give only where the gateway's API begins"
        case .host: "its host is neither a name nor an address such as 203.0.113.7 or [2001:db8::7]"
        case .port: "its port is none that a gateway has: 80, 443, or 1024 to 65535"
        case .dots: "its path holds . or .. as a segment"
        case .refused(let refusal): refusal.description
        }
    }
}
