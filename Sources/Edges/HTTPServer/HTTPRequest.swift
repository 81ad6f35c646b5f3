package import EventLoop

/// A complete request, head and body.
package struct HTTPRequest: Equatable, Sendable {
    /// The method, such as `POST`.
    package var method: String
    /// The target exactly as it stands in the request line.
    package var target: String
    /// The header fields, as received but for the case of their names.
    package var headers: HTTPHeaders
    /// The body with any chunked coding undone; trailers are dropped.
    package var body: [UInt8]
    /// Whether the client wants the connection to stay open after the answer.
    package var keepsAlive: Bool
    /// Whether the client speaks HTTP/1.0, which has no chunked coding.
    package var isHTTP10: Bool
    /// Where the request came from; nil when the client had left before it could be asked.
    package var peer: PeerAddress?

    /// The path as sent: not decoded, without the query, and without scheme and host when the
    /// client put them in the target.
    package var path: String {
        let path = originForm.prefix { $0 != UInt8(ascii: "?") }
        return path.isEmpty ? "/" : String(path) ?? "/"
    }

    /// What follows the first `?`, not decoded; empty when there is none.
    package var query: String {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return String(target[target.utf8.index(after: mark)...])
    }

    private var originForm: Substring.UTF8View {
        let bytes = target.utf8
        guard bytes.first != UInt8(ascii: "/"), target != "*" else { return bytes[...] }
        guard let scheme = target.firstRange(of: "://") else { return bytes[...] }
        let authority = bytes[scheme.upperBound...]
        let end = authority.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        return authority[(end ?? authority.endIndex)...]
    }
}
