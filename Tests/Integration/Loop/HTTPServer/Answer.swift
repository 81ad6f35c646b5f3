/// One answer as a client reads it, by the rules of RFC 9112 §6.
struct Answer {
    let status: Int
    let head: String
    private(set) var body: [UInt8] = []
    private(set) var byteCount = 0

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The answer at the start of the bytes, or nil while it is incomplete.
    init?(_ bytes: [UInt8], isOver: Bool, hasBody: Bool) {
        let text = String(decoding: bytes.prefix(4_096), as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        head = String(text[..<end.lowerBound]) + "\r\n"
        status = Int(head.dropFirst(9).prefix(3)) ?? 0
        byteCount = head.utf8.count + 2
        guard hasBody, status >= 200, status != 204, status != 304 else { return }
        if self["transfer-encoding"] == "chunked" {
            guard readChunks(bytes) else { return nil }
        } else if let length = self["content-length"].flatMap({ Int($0) }) {
            guard bytes.count >= byteCount + length else { return nil }
            take(length, of: bytes)
        } else {
            guard isOver else { return nil }
            take(bytes.count - byteCount, of: bytes)
        }
    }

    subscript(name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() where line.hasPrefix(name + ": ") {
            return String(line.dropFirst(name.count + 2))
        }
        return nil
    }

    private mutating func take(_ count: Int, of bytes: [UInt8]) {
        body += bytes[byteCount..<byteCount + count]
        byteCount += count
    }

    private mutating func readChunks(_ bytes: [UInt8]) -> Bool {
        while let end = bytes[byteCount...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[byteCount..<end - 1], as: UTF8.self)
            guard let size = Int(line, radix: 16) else { return false }
            guard bytes.count >= end + 1 + size + 2 else { return false }
            byteCount = end + 1
            take(size, of: bytes)
            byteCount += 2
            if size == 0 { return true }
        }
        return false
    }
}
