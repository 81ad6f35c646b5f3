package import EventLoop

/// A complete request: head and body.
package struct HTTPRequest: Equatable, Sendable {
    /// The method, such as `POST`.
    package var method: String
    /// The target exactly as in the request line.
    package var target: String
    /// The header fields as received, with names in lower case.
    package var headers: HTTPHeaders
    /// The body, with chunked coding decoded and trailers dropped.
    package var body: [UInt8]
    /// Whether the client wants the connection to stay open after the answer.
    package var keepsAlive: Bool
    /// Whether the client speaks HTTP/1.0, which has no chunked coding.
    package var isHTTP10: Bool
    /// The address of the client; nil when it disconnected before the server looked.
    package var peer: PeerAddress?

    /// The path as sent, not decoded and without the query. A scheme and host in the target are
    /// left out.
    package var path: String {
        let path = originForm.prefix { $0 != UInt8(ascii: "?") }
        return path.isEmpty ? "/" : String(path) ?? "/"
    }

    /// The text after the first `?`, not decoded; empty without a `?`.
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
