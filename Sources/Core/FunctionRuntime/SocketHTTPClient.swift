internal import FunctionContract
internal import Glibc

/// HTTP/1.1 to one local server over one persistent connection. It does just enough for the Lambda
/// Runtime API, so that a function without outgoing requests needs no libcurl.
final class SocketHTTPClient {
    struct Reply {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]
    }

    private static let lineLimit = 65_536
    private static let headerLimit = 100

    private let host: String
    private let port: UInt16
    private var descriptor: CInt = -1
    private var buffer: [UInt8] = []
    private var answerHasBegun = false

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    deinit { disconnect() }

    /// Sends a request and waits for the reply, without a time limit.
    ///
    /// A persistent connection that the server has closed is replaced before the request is sent.
    /// When it breaks later, a GET is sent once more on a new connection, if no byte of the reply
    /// had arrived. A POST is never repeated, because the server may have acted on it.
    func send(
        _ method: String,
        _ path: String,
        _ headers: HTTPFields = HTTPFields(),
        _ body: [UInt8] = []
    ) throws(LambdaError) -> Reply {
        if isStale { disconnect() }
        let isKept = descriptor >= 0
        let request = head(method, path, headers, body.count) + body
        do {
            return try exchange(request)
        } catch {
            let mayRepeat = method == "GET" && isKept && !answerHasBegun
            disconnect()
            guard mayRepeat else { throw error }
        }
        return try exchange(request)
    }

    private func head(
        _ method: String,
        _ path: String,
        _ headers: HTTPFields,
        _ bodyBytes: Int
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nhost: \(host):\(port)\r\n"
        for field in headers.fields { head += "\(field.name): \(field.value)\r\n" }
        if method != "GET" { head += "content-length: \(bodyBytes)\r\n" }
        return Array((head + "\r\n").utf8)
    }

    private func exchange(_ request: [UInt8]) throws(LambdaError) -> Reply {
        if descriptor < 0 { try connect() }
        answerHasBegun = false
        do {
            try write(request)
        } catch {
            // A server may refuse a long body early, reply and close the connection.
            guard let early = try? readReply() else { throw error }
            disconnect()
            return early
        }
        return try readReply()
    }
}

// MARK: - The reply

extension SocketHTTPClient {
    private func readReply() throws(LambdaError) -> Reply {
        var (version, status, headers) = try readHead()
        while status < 200 { (version, status, headers) = try readHead() }
        let closes = headers["connection"]?.lowercased() == "close" || version == "HTTP/1.0"
        let body = try readBody(headers, status, untilClose: closes)
        if closes { disconnect() }
        return Reply(status: status, headers: headers, body: body)
    }

    private func readHead() throws(LambdaError) -> (Substring, Int, HTTPFields) {
        let words = try readLine().split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
            (100...599).contains(status)
        else { throw malformed("no status line") }
        var headers = HTTPFields()
        while true {
            let line = try readLine()
            if line.isEmpty { return (words[0], status, headers) }
            guard headers.fields.count < Self.headerLimit else { throw malformed("many headers") }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw malformed("a header without a colon") }
            headers.add(parts[0].lowercased(), trimmed(parts[1]))
        }
    }

    private func readBody(
        _ headers: HTTPFields,
        _ status: Int,
        untilClose: Bool
    ) throws(LambdaError) -> [UInt8] {
        if status == 204 || status == 304 { return [] }
        if headers["transfer-encoding"]?.lowercased() == "chunked" { return try readChunks() }
        if let length = headers["content-length"] {
            guard let count = Int(length), count >= 0 else { throw malformed("no length") }
            return try take(count)
        }
        return untilClose ? try takeToEnd() : []
    }

    private func readChunks() throws(LambdaError) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let digits = try readLine().prefix { $0.isHexDigit }
            guard let size = Int(digits, radix: 16) else { throw malformed("no chunk size") }
            if size == 0 { break }
            body += try take(size, after: body.count)
            guard try readLine().isEmpty else { throw malformed("a chunk of another size") }
        }
        while try !readLine().isEmpty {}
        return body
    }

    private func readLine() throws(LambdaError) -> String {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                let text = String(
                    decoding: line.last == 0x0D ? line.dropLast() : line,
                    as: UTF8.self
                )
                buffer.removeSubrange(...end)
                return text
            }
            searched = buffer.count
            guard searched <= Self.lineLimit else { throw malformed("a long line") }
            try fill()
        }
    }

    private func take(_ count: Int, after earlier: Int = 0) throws(LambdaError) -> [UInt8] {
        guard count <= Limits.eventBytes - earlier else {
            throw malformed("more than \(Limits.eventBytes) bytes")
        }
        while buffer.count < count { try fill() }
        let bytes = Array(buffer[..<count])
        buffer.removeSubrange(..<count)
        return bytes
    }

    private func takeToEnd() throws(LambdaError) -> [UInt8] {
        while try receive() > 0 {
            guard buffer.count <= Limits.eventBytes else { return try take(buffer.count) }
        }
        return try take(buffer.count)
    }

    private func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let last = text.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(text[...last].drop(while: isBlank))
    }

    private func malformed(_ what: String) -> LambdaError {
        LambdaError("\(host):\(port) does not answer in HTTP/1.1: \(what)")
    }
}

// MARK: - The socket

extension SocketHTTPClient {
    private func connect() throws(LambdaError) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &found) == 0, let found = unsafe found
        else {
            throw LambdaError("cannot resolve \(host), named by AWS_LAMBDA_RUNTIME_API")
        }
        defer { unsafe freeaddrinfo(found) }
        var candidate = unsafe Optional(found)
        while let address = unsafe candidate {
            let socket = unsafe Glibc.socket(
                address.pointee.ai_family,
                address.pointee.ai_socktype | CInt(SOCK_CLOEXEC.rawValue),
                address.pointee.ai_protocol
            )
            unsafe candidate = address.pointee.ai_next
            guard socket >= 0 else { continue }
            let result = unsafe Glibc.connect(
                socket,
                address.pointee.ai_addr,
                address.pointee.ai_addrlen
            )
            if result == 0 || errno == EINTR && becomesConnected(socket) {
                descriptor = socket
                return
            }
            close(socket)
        }
        throw LambdaError("cannot connect to the Lambda Runtime API at \(host):\(port)")
    }

    /// Waits for a connection attempt that a signal interrupted: the system continues it.
    private func becomesConnected(_ socket: CInt) -> Bool {
        var watched = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        while unsafe poll(&watched, 1, -1) < 0 { guard errno == EINTR else { return false } }
        var failure: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0
    }

    private func disconnect() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        buffer.removeAll()
    }

    /// Whether the persistent connection has closed, or holds bytes that belong to no request.
    private var isStale: Bool {
        guard descriptor >= 0 else { return false }
        var byte: UInt8 = 0
        let count = unsafe recv(descriptor, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT))
        return count >= 0 || errno != EAGAIN || !buffer.isEmpty
    }

    private func write(_ bytes: [UInt8]) throws(LambdaError) {
        do {
            try Descriptor(number: descriptor).write(bytes)
        } catch {
            throw LambdaError("the connection to the Lambda Runtime API broke: \(error)")
        }
    }

    private func fill() throws(LambdaError) {
        guard try receive() > 0 else {
            throw LambdaError("the Lambda Runtime API closed the connection")
        }
    }

    private func receive() throws(LambdaError) -> Int {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        do {
            let count = try Descriptor(number: descriptor).read(into: &chunk)
            buffer.append(contentsOf: chunk[..<count])
            answerHasBegun = answerHasBegun || count > 0
            return count
        } catch {
            throw LambdaError("the connection to the Lambda Runtime API broke: \(error)")
        }
    }
}
