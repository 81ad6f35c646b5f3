internal import FunctionContract
internal import Glibc

/// HTTP/1.1 to one local server over one connection: just enough for the Lambda Runtime API, so
/// that a function which calls nobody need not carry libcurl.
final class SocketHTTPClient {
    struct Reply {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]
    }

    private let host: String
    private let port: UInt16
    private var descriptor: CInt = -1
    private var buffer: [UInt8] = []

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    deinit { disconnect() }

    func send(
        _ method: String,
        _ path: String,
        _ headers: HTTPFields = HTTPFields(),
        _ body: [UInt8] = []
    ) throws(LambdaError) -> Reply {
        if descriptor < 0 { try connect() }
        var head = "\(method) \(path) HTTP/1.1\r\nhost: \(host):\(port)\r\n"
        for field in headers.fields { head += "\(field.name): \(field.value)\r\n" }
        if method != "GET" { head += "content-length: \(body.count)\r\n" }
        try write(Array((head + "\r\n").utf8) + body)
        return try readReply()
    }

    private func readReply() throws(LambdaError) -> Reply {
        var lines = try readHead()
        let status = lines.removeFirst().split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let status else { throw LambdaError("\(host):\(port) does not speak HTTP") }
        var headers = HTTPFields()
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            headers.add(parts[0].lowercased(), String(value))
        }
        let body = try readBody(headers)
        if headers["connection"]?.lowercased() == "close" { disconnect() }
        return Reply(status: status, headers: headers, body: body)
    }

    private func readBody(_ headers: HTTPFields) throws(LambdaError) -> [UInt8] {
        if headers["transfer-encoding"]?.lowercased() == "chunked" { return try readChunks() }
        return try take(headers["content-length"].flatMap { Int($0) } ?? 0)
    }

    private func readChunks() throws(LambdaError) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = Int(try readLine().prefix { $0.isHexDigit }, radix: 16) ?? 0
            if size == 0 { break }
            body += try take(size)
            _ = try readLine()
        }
        while try !readLine().isEmpty {}
        return body
    }

    private func readHead() throws(LambdaError) -> [String] {
        var lines: [String] = []
        while true {
            let line = try readLine()
            if line.isEmpty, !lines.isEmpty { return lines }
            lines.append(line)
        }
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
            try fill()
        }
    }

    private func take(_ count: Int) throws(LambdaError) -> [UInt8] {
        guard count <= Limits.eventBytes else {
            throw LambdaError("\(host):\(port) announced an event of \(count) bytes")
        }
        while buffer.count < count { try fill() }
        let bytes = Array(buffer[..<count])
        buffer.removeSubrange(..<count)
        return bytes
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
            if unsafe Glibc.connect(socket, address.pointee.ai_addr, address.pointee.ai_addrlen)
                == 0
            {
                descriptor = socket
                return
            }
            close(socket)
            unsafe candidate = address.pointee.ai_next
        }
        throw LambdaError("cannot connect to the Lambda Runtime API at \(host):\(port)")
    }

    private func disconnect() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        buffer.removeAll()
    }

    private func write(_ bytes: [UInt8]) throws(LambdaError) {
        do {
            try Descriptor(number: descriptor).write(bytes)
        } catch {
            disconnect()
            throw LambdaError("the connection to the Lambda Runtime API broke: \(error)")
        }
    }

    private func fill() throws(LambdaError) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count: Int
        do {
            count = try Descriptor(number: descriptor).read(into: &chunk)
        } catch {
            disconnect()
            throw LambdaError("the connection to the Lambda Runtime API broke: \(error)")
        }
        guard count > 0 else {
            disconnect()
            throw LambdaError("the Lambda Runtime API closed the connection")
        }
        buffer.append(contentsOf: chunk[..<count])
    }
}
