/// The status line and header fields of an answer.
struct ResponseHead {
    let status: Int
    let headers: HTTPHeaders
    let framing: Framing
    let connection: Connection

    /// How the client finds the end of the body.
    enum Framing: Equatable {
        case length(Int)
        case chunked
        case untilClose
        /// No body and no length: 204 and 304.
        case none
    }

    /// The `connection` header field of the answer.
    enum Connection {
        case close
        case keepAlive
        /// No field: HTTP/1.1 connections stay open by default.
        case unsaid
    }

    func write(to output: inout [UInt8], date: [UInt8]) {
        output.append("HTTP/1.1 ")
        output.append(decimal: status)
        output.append(UInt8(ascii: " "))
        output.append(reasonPhrase(status))
        output.append("\r\n")
        let hasDate = writeFields(to: &output)
        if !hasDate { output.append(contentsOf: date) }
        writeConnection(to: &output)
        writeFraming(to: &output)
        output.append("\r\n")
    }

    /// Copies the fields that the handler may set. Returns whether one of them is `date`.
    private func writeFields(to output: inout [UInt8]) -> Bool {
        var hasDate = false
        let bytes = headers.bytes
        for field in headers.fields {
            switch ownership(of: bytes.span.extracting(field.name)) {
            case .server: continue
            case .date: hasDate = true
            case .handler: break
            }
            output.append(bytes.span.extracting(field.line))
        }
        return hasDate
    }

    private func writeConnection(to output: inout [UInt8]) {
        switch connection {
        case .close: output.append("connection: close\r\n")
        case .keepAlive: output.append("connection: keep-alive\r\n")
        case .unsaid: break
        }
    }

    private func writeFraming(to output: inout [UInt8]) {
        switch framing {
        case .length(let count):
            output.append("content-length: ")
            output.append(decimal: count)
            output.append("\r\n")
        case .chunked: output.append("transfer-encoding: chunked\r\n")
        case .untilClose, .none: break
        }
    }
}

private enum Ownership { case server, date, handler }

private func ownership(of name: Span<UInt8>) -> Ownership {
    switch name.count {
    case 4: isWord(name, "date") ? .date : .handler
    case 7: isWord(name, "trailer") || isWord(name, "upgrade") ? .server : .handler
    case 10: isWord(name, "connection") || isWord(name, "keep-alive") ? .server : .handler
    case 14: isWord(name, "content-length") ? .server : .handler
    case 17: isWord(name, "transfer-encoding") ? .server : .handler
    default: .handler
    }
}

/// The text after the status code; clients ignore it.
private func reasonPhrase(_ status: Int) -> StaticString {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 206: "Partial Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: reasonClass(status)
    }
}

private func reasonClass(_ status: Int) -> StaticString {
    switch status / 100 {
    case 2: "Success"
    case 3: "Redirection"
    case 4: "Client Error"
    default: "Server Error"
    }
}
