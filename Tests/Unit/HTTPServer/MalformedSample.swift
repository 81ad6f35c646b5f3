import Testing

/// Bytes that must be refused, and how.
struct MalformedSample: CustomTestStringConvertible {
    let text: String
    let status: Int

    var testDescription: String { "\(status) for \(text.debugDescription)" }

    static let all = requestLines + fields + lengths + codings

    private static let requestLines = [
        MalformedSample("nonsense\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET /\u{1} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET /é HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET /\u{C} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: é\r\n\r\n", 400),
        MalformedSample("GET / HTTP/x\r\nHost: a\r\n\r\n", 505),
        MalformedSample("GET /\t HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET */a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("get / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\nHost: a\n\n", 400),
        MalformedSample("GET / HTTP/1.1\rHost: a\r\r", 400),
        MalformedSample("GET / RTSP/1.0\r\nHost: a\r\n\r\n", 400),
        MalformedSample("SOURCE / ICE/1.0\r\nHost: a\r\n\r\n", 400),
        MalformedSample("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", 400),
        MalformedSample("GET /\r\n\r\n", 400),
        MalformedSample("GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505),
        MalformedSample("GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505),
        MalformedSample("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        MalformedSample("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        MalformedSample("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    ]

    private static let fields = [
        MalformedSample("GET / HTTP/1.1\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nX: b\u{0}c\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nX(): b\r\n\r\n", 400),
        MalformedSample("GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417),
    ]

    private static let lengths = [
        post("Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
        post("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
        post("Content-Length: 5, 5\r\n\r\nhello", 400),
        post("Content-Length: -1\r\n\r\n", 400),
        post("Content-Length: +5\r\n\r\nhello", 400),
        post("Content-Length: 0x5\r\n\r\nhello", 400),
        post("Content-Length: 5 5\r\n\r\nhello", 400),
        post("Content-Length:\r\n\r\n", 400),
        post("Content-Length: 99999999999999999999999\r\n\r\n", 400),
        post("Content-Length: 18446744073709551615\r\n\r\n", 413),
        post("Content-Length: 6291457\r\n\r\n", 413),
    ]

    private static let codings = [
        post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        post("Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        post("Transfer-Encoding: identity\r\n\r\n", 501),
        post("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400),
        post("Transfer-Encoding: chunked\r\n\r\n3;a\nb\r\nabc\r\n0\r\n\r\n", 400),
        MalformedSample(
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
    ]

    private init(_ text: String, _ status: Int) {
        self.text = text
        self.status = status
    }

    private static func post(_ rest: String, _ status: Int) -> MalformedSample {
        MalformedSample("POST / HTTP/1.1\r\nHost: a\r\n" + rest, status)
    }
}
