import SeededRandom

/// Requests with a few mistakes in them, the same ones for the same seed.
struct MutatedRequests {
    private var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func next() -> [UInt8] {
        var bytes = Array(Self.samples[below(Self.samples.count)].utf8)
        for _ in 0..<(1 + below(2)) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = below(bytes.count)
        switch below(9) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = UInt8(below(256))
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(UInt8(below(256)), at: place)
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.removeSubrange(place..<min(bytes.count, place + below(40)))
        case 6: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + below(60))], at: 0)
        case 7: bytes.insert(contentsOf: Self.spices[below(Self.spices.count)].utf8, at: place)
        default: bytes += Array(Self.samples[below(Self.samples.count)].utf8)
        }
    }

    private mutating func below(_ limit: Int) -> Int {
        limit > 0 ? Int(random.next() % UInt64(limit)) : 0
    }

    // No HEAD: what its answer leaves out cannot be told from what is missing.
    private static let samples = [
        "GET /echo/x?a=1&b=%C3%A9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /echo/x HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
        "PUT /echo/y HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        "OPTIONS /_health HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "GET /_metrics HTTP/1.0\r\nHost: a\r\nConnection: close\r\n\r\n",
        "POST /echo/z HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
        "DELETE /echo/x HTTP/1.1\r\nHost: a\r\nCookie: a=1; b=2\r\nX-Request-Id: 17\r\n\r\n",
        "GET http://localhost/echo/x HTTP/1.1\r\nHost: localhost\r\nTraceparent: 00-1-2-3\r\n\r\n",
        "POST /_invoke/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 13\r\n\r\n{\"rawPath\":1}",
    ]

    private static let spices = [
        "\r\n", "\n", "\0", "%", "%00", "%2e%2e/", "/../", "?", "#", " ", "\t", ":", ",", "\u{FF}",
        "Content-Length: 5\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999999999\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Host: b\r\n",
        "Upgrade: h2c\r\n", "Connection: close\r\n", "Expect: 100-continue\r\n", "ffffffffffffffff",
        "0\r\n\r\n", "\r\n\r\n", "HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "CONNECT a:1 HTTP/1.1",
    ]
}
