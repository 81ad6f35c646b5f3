/// The request that is being received.
///
/// It is a value separate from the parser, so that each llhttp callback accesses a single property.
struct RequestDraft {
    private(set) var target: [UInt8] = []
    private(set) var headers = HTTPHeaders()
    private(set) var body: [UInt8] = []
    /// Whether the head is complete. Later fields are trailers, which are dropped.
    var isHeadComplete = false
    private var fieldStart = 0
    private var nameEnd = 0

    /// Starts a new request and reuses the target's buffer.
    mutating func begin() {
        target.removeAll(keepingCapacity: true)
        headers = HTTPHeaders()
        headers.reserve()
        body = []
        isHeadComplete = false
        nameEnd = 0
    }

    mutating func addTarget(_ piece: Span<UInt8>, limit: Int) throws(RequestFailure) {
        guard target.count + piece.count <= limit else { throw .targetTooLong(limit) }
        target.append(piece)
    }

    mutating func addName(_ piece: Span<UInt8>, limit: Int) throws(RequestFailure) {
        guard !isHeadComplete else { return }
        if nameEnd == 0 {
            guard headers.count < limit else { throw .tooManyHeaders(limit) }
            fieldStart = headers.bytes.count
        }
        headers.extend(piece, asName: true)
        nameEnd = headers.bytes.count
    }

    mutating func addValue(_ piece: Span<UInt8>) {
        guard !isHeadComplete else { return }
        endName()
        headers.extend(piece, asName: false)
    }

    mutating func endValue() {
        guard !isHeadComplete else { return }
        endName()
        headers.endField(start: fieldStart, nameEnd: nameEnd)
        nameEnd = 0
    }

    /// The name ends when its value begins, or when an empty value ends.
    private mutating func endName() {
        if headers.bytes.count == nameEnd { headers.endName() }
    }

    mutating func addBody(_ piece: Span<UInt8>, limit: Int) throws(RequestFailure) {
        guard body.count + piece.count <= limit else { throw .bodyTooLarge(limit) }
        body.append(piece)
    }

    /// The number of bytes held.
    var byteCount: Int { target.count + headers.bytes.count + body.count }

    /// Frees the memory.
    mutating func drop() {
        self = RequestDraft()
    }

    /// Moves the parts out, so that they are not copied.
    mutating func take() -> (target: String, headers: HTTPHeaders, body: [UInt8]) {
        // RFC 9112 §3.2.2: the host of an absolute target overrides the Host field.
        if let authority = authority(ofTarget: target.span) {
            headers.replace("host", with: String(decoding: target[authority], as: UTF8.self))
        }
        let parts = (String(decoding: target, as: UTF8.self), headers, body)
        headers = HTTPHeaders()
        body = []
        return parts
    }
}
