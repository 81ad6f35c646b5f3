import SeededRandom

/// Requests that are nearly right, from a seed.
struct RequestMutations {
    private var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// The next request: a good one with a few bytes or words of it changed.
    mutating func next() -> [UInt8] {
        var bytes = Array(RequestMutations.seeds[below(RequestMutations.seeds.count)].utf8)
        for _ in 0..<below(4) { mutate(&bytes) }
        return bytes
    }

    /// A number from 0 up to the bound, without it.
    mutating func below(_ bound: Int) -> Int {
        Int(random.next() % UInt64(max(1, bound)))
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let position = below(bytes.count + 1)
        switch below(6) {
        case 0: bytes.insert(UInt8(below(256)), at: position)
        case 1 where position < bytes.count: bytes.remove(at: position)
        case 2 where position < bytes.count: bytes[position] = UInt8(below(256))
        case 3: bytes.removeSubrange(position..<min(bytes.count, position + below(8)))
        case 4:
            let word = RequestMutations.words[below(RequestMutations.words.count)]
            bytes.insert(contentsOf: word.utf8, at: position)
        default:
            let piece = bytes[position..<min(bytes.count, position + below(20))]
            bytes.insert(contentsOf: piece, at: below(bytes.count + 1))
        }
    }

    private static let seeds = [
        "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
        "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
        "GET /w HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    ]

    private static let words = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", ";", "0\r\n\r\n", "\r\n\r\n",
        "Content-Length: 3\r\n", "Content-Length: 99999999999999999999\r\n", "Host: b\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Connection: close\r\n", "Upgrade: h2c\r\n", "Expect: x\r\n", "HTTP/2.0", "HTTP/0.9",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n", "\u{FF}\u{FE}", "ffffffff",
    ]
}
