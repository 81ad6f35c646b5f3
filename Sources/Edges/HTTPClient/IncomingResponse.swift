internal import FunctionContract

/// A response that is being received, within its size limits.
struct IncomingResponse {
    private let headerLimit: Int
    private let bodyLimit: Int
    private var headerBytes = 0
    private(set) var headers = HTTPFields()
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false

    init(limits: OutboundLimits) {
        headerLimit = limits.responseHeaderBytes
        bodyLimit = limits.responseBodyBytes
    }

    /// Adds one header line. Returns false beyond the limit.
    mutating func receive(headerLine line: some Collection<UInt8>) -> Bool {
        headerBytes += line.count
        isTooLarge = headerBytes > headerLimit
        guard !isTooLarge else { return false }
        if line.starts(with: "HTTP/".utf8) {
            // Discards the headers of an interim response: a 1xx, or a proxy's answer to CONNECT.
            headers = HTTPFields()
        } else {
            headers.add(line: line)
        }
        return true
    }

    /// Adds a piece of the body. Returns false beyond the limit.
    mutating func receive(body piece: some Collection<UInt8>) -> Bool {
        isTooLarge = piece.count > bodyLimit - body.count
        guard !isTooLarge else { return false }
        body.append(contentsOf: piece)
        return true
    }
}

extension HTTPFields {
    /// Adds the field in a line `name: value CR LF`. Ignores the empty line after the fields.
    fileprivate mutating func add(line: some Collection<UInt8>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        let value = line[line.index(after: colon)...].drop(while: isBlank)
        let length = value.reversed().drop(while: isBlank).count
        add(
            String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            String(decoding: value.prefix(length), as: UTF8.self)
        )
    }
}
