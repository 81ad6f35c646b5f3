import FunctionContract

/// A complete HTTP response.
struct RunnerAnswer {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// What it took of the bytes it was read from.
    let byteCount: Int

    /// Reads the response at the start of `bytes`; nil while it is not complete. Interim responses
    /// are passed over.
    init?(_ bytes: [UInt8], hasBody: Bool = true) {
        guard let headEnd = Self.headEnd(bytes) else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        let headers = lines.dropFirst().map { line in
            let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: pair[0].lowercased(), value: String(pair[1].drop { $0 == " " }))
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        let end = headEnd + (hasBody ? length : 0)
        guard bytes.count >= end else { return nil }
        self.status = status
        self.headers = headers
        body = Array(bytes[headEnd..<end])
        byteCount = end
    }

    subscript(header name: String) -> String? { headers.first { $0.name == name }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null when it is none.
    var json: JSON { (try? JSONParser.parse(body)) ?? .null }

    /// The code of an error that the platform answered.
    var errorCode: String? { json["error"]?["code"]?.string }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        let end = (3..<bytes.count).first {
            bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0D && bytes[$0 - 2] == 0x0A
        }
        return end.map { $0 + 1 }
    }
}
