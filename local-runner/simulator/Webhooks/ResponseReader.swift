/// Reads the responses to webhooks. Only the status matters.
struct ResponseReader {
    enum Progress: Equatable {
        case needsMore
        /// The response is complete. `keepsAlive` tells whether the connection can be used again.
        case done(status: Int, keepsAlive: Bool)
        case malformed
    }

    private static let headLimit = 64 * 1024

    private var head: [UInt8] = []
    private var status: Int?
    private var bodyLeft = 0
    private var keepsAlive = true

    /// Reads the received bytes.
    mutating func read(_ bytes: Span<UInt8>) -> Progress {
        var index = 0
        while index < bytes.count {
            if let status {
                let taken = min(bodyLeft, bytes.count - index)
                bodyLeft -= taken
                index += taken
                if bodyLeft == 0 { return finish(status, isLast: index == bytes.count) }
                continue
            }
            head.append(bytes[index])
            index += 1
            guard bytes[index - 1] == UInt8(ascii: "\n"), endsHead else { continue }
            guard parseHead() else { return .malformed }
            if let status, bodyLeft == 0 {
                return finish(status, isLast: index == bytes.count)
            }
        }
        return head.count > Self.headLimit ? .malformed : .needsMore
    }

    private var endsHead: Bool {
        head.suffix(4).elementsEqual("\r\n\r\n".utf8)
    }

    /// Bytes after the response belong to no request, so the connection cannot be used again.
    private mutating func finish(_ status: Int, isLast: Bool) -> Progress {
        let keepsAlive = keepsAlive && isLast
        self = ResponseReader()
        return .done(status: status, keepsAlive: keepsAlive)
    }

    private mutating func parseHead() -> Bool {
        let lines = head.split(separator: UInt8(ascii: "\n"))
        let start = (lines.first ?? []).split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard start.count >= 2, start[0].starts(with: "HTTP/1.".utf8), start[1].count == 3,
            let status = Int(String(decoding: start[1], as: UTF8.self))
        else { return false }
        keepsAlive = start[0].last != UInt8(ascii: "0")
        for line in lines.dropFirst() { readField(line) }
        head.removeAll(keepingCapacity: true)
        // An interim response is followed by the final one.
        if status >= 200 { self.status = status }
        if status == 204 || status == 304 { bodyLeft = 0 }
        return true
    }

    private mutating func readField(_ line: ArraySlice<UInt8>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = line[..<colon]
        switch name.count {
        case 14 where isWord(name, "content-length"):
            let digits = line[(colon + 1)...].filter { (0x30...0x39).contains($0) }
            bodyLeft = Int(String(decoding: digits, as: UTF8.self)) ?? 0
        case 10 where isWord(name, "connection"):
            let value = String(decoding: line[(colon + 1)...], as: UTF8.self).lowercased()
            if value.contains("close") { keepsAlive = false }
        // A chunked body is not parsed: the status is known, and the connection can be closed.
        case 17 where isWord(name, "transfer-encoding"): keepsAlive = false
        default: return
        }
    }

    private func isWord(_ bytes: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
        String(decoding: bytes, as: UTF8.self).lowercased() == "\(word)"
    }
}
