extension Reply {
    /// Decodes the reply to an HTTP event. JSON without `statusCode` becomes a 200 with that JSON
    /// as its body, unless it is a failure.
    package static func decodeHTTP(_ bytes: [UInt8]) throws(ContractError) -> Reply {
        var parser = JSONParser(bytes)
        var members = HTTPReplyMembers(of: bytes)
        if try parser.firstByte() == UInt8(ascii: "{") {
            try parser.members(HTTPReplyMembers.name) { parser, name throws(ContractError) in
                try members.read(name, from: &parser)
            }
        } else {
            try parser.skipValue()
        }
        try parser.expectEnd()
        if let reply = try members.reply() { return .http(reply) }
        if let failure = try members.failure() { return .failure(failure) }
        return .http(.verbatim(bytes))
    }

    /// Decodes the reply to a schedule or queue event. Any JSON object that is not a failure is
    /// valid.
    package static func decodeBatch(_ bytes: [UInt8]) throws(ContractError) -> Reply {
        let json = try JSONParser.parse(bytes)
        guard json.object != nil else {
            throw ContractError("reply: expected a JSON object, found \(json.kind)")
        }
        let members = Members(json, of: "reply")
        if let type = try members.string("errorType") {
            let message = try members.string("errorMessage") ?? type
            return .failure(FunctionFailure(type: type, message: message))
        }
        return .batch(
            BatchReply(
                processed: try members.integer("processed") ?? 0,
                remaining: try members.integer("remaining") ?? 0,
                wake: try members.strings("wake")
            )
        )
    }
}

extension HTTPReply {
    fileprivate static func verbatim(_ json: [UInt8]) -> HTTPReply {
        let start = json.firstIndex { $0 > 0x20 } ?? 0
        let end = (json.lastIndex { $0 > 0x20 } ?? -1) + 1
        let body = start == 0 && end == json.count ? json : Array(json[start..<max(start, end)])
        return HTTPReply(headers: jsonHeaders, body: body)
    }

    private static let jsonHeaders: HTTPFields = ["content-type": "application/json"]
}

/// The offsets of the members that the host reads. Their values are checked at the end, and only if
/// `statusCode` is present. Without it, the whole JSON is the body.
private struct HTTPReplyMembers {
    private let bytes: [UInt8]
    private var statusCode: Int?
    private var headers: Int?
    private var cookies: Int?
    private var body: Body?
    private var isBase64Encoded: Int?
    private var wake: Int?
    private var errorType: Int?
    private var errorMessage: Int?

    /// The body may be long, so it is parsed only once. When `statusCode` comes before it, it is
    /// parsed at once. Otherwise it is parsed later, from its offset.
    private enum Body {
        case text([UInt8])
        case other(JSON)
        case later(Int)
    }

    init(of bytes: [UInt8]) {
        self.bytes = bytes
    }

    enum Name {
        case statusCode, headers, cookies, body, isBase64Encoded, wake, errorType, errorMessage
    }

    static func name(_ text: Span<UInt8>) -> Name? {
        switch text.count {
        case 4 where text.isEqual(to: "body"): .body
        case 4: text.isEqual(to: "wake") ? .wake : nil
        case 7 where text.isEqual(to: "headers"): .headers
        case 7: text.isEqual(to: "cookies") ? .cookies : nil
        case 9: text.isEqual(to: "errorType") ? .errorType : nil
        case 10: text.isEqual(to: "statusCode") ? .statusCode : nil
        case 12: text.isEqual(to: "errorMessage") ? .errorMessage : nil
        case 15: text.isEqual(to: "isBase64Encoded") ? .isBase64Encoded : nil
        default: nil
        }
    }

    mutating func read(_ name: Name, from parser: inout JSONParser) throws(ContractError) {
        let offset = parser.offset
        switch name {
        case .body where statusCode != nil: return body = try Self.body(from: &parser)
        case .body: body = .later(offset)
        case .statusCode: statusCode = offset
        case .headers: headers = offset
        case .cookies: cookies = offset
        case .isBase64Encoded: isBase64Encoded = offset
        case .wake: wake = offset
        case .errorType: errorType = offset
        case .errorMessage: errorMessage = offset
        }
        try parser.skipValue()
    }

    func failure() throws(ContractError) -> FunctionFailure? {
        guard let type = try value(at: errorType)?.string,
            let message = try value(at: errorMessage)?.string
        else { return nil }
        return FunctionFailure(type: type, message: message)
    }

    func reply() throws(ContractError) -> HTTPReply? {
        guard let status = try value(at: statusCode) else { return nil }
        guard let code = status.integer ?? status.string.flatMap({ Int($0) }),
            (200...599).contains(code)
        else { throw ContractError("reply.statusCode: expected a number from 200 to 599") }
        let members = try rest()
        return HTTPReply(
            statusCode: code,
            headers: try members.responseHeaders(),
            cookies: try members.responseCookies(),
            body: try decodedBody(isBase64: members.bool("isBase64Encoded") ?? false),
            wake: try members.strings("wake")
        )
    }

    private func rest() throws(ContractError) -> Members {
        var object = JSONObject()
        for (name, offset) in [
            ("headers", headers), ("cookies", cookies), ("isBase64Encoded", isBase64Encoded),
            ("wake", wake),
        ] {
            if let value = try value(at: offset) { object.members.append((name, value)) }
        }
        return Members(.object(object), of: "reply")
    }

    private func decodedBody(isBase64: Bool) throws(ContractError) -> [UInt8] {
        switch try bodyRead() {
        case nil, .later, .other(.null): return []
        case .other(let value):
            throw ContractError("reply.body: expected a string, found \(value.kind)")
        case .text(let text):
            guard isBase64 else { return text }
            guard let decoded = Base64.decode(text.span) else {
                throw ContractError("reply.body: expected base64, because isBase64Encoded is true")
            }
            return decoded
        }
    }

    private func bodyRead() throws(ContractError) -> Body? {
        guard case .later(let offset) = body else { return body }
        var parser = JSONParser(bytes, from: offset)
        return try Self.body(from: &parser)
    }

    private static func body(from parser: inout JSONParser) throws(ContractError) -> Body {
        try parser.firstByte() == UInt8(ascii: "\"")
            ? .text(try parser.stringBytes()) : .other(try parser.value())
    }

    private func value(at offset: Int?) throws(ContractError) -> JSON? {
        guard let offset else { return nil }
        var parser = JSONParser(bytes, from: offset)
        return try parser.value()
    }
}

extension Members {
    fileprivate func responseHeaders() throws(ContractError) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in try pairs("headers") {
            guard HTTPFields.isName(name), HTTPFields.isValue(value) else {
                throw ContractError(
                    "\(place).headers.\(name): expected a header name and a value on one line"
                )
            }
            fields.add(name.lowercased(), value)
        }
        if fields["content-type"] == nil { fields.add("content-type", "application/json") }
        return fields
    }

    fileprivate func responseCookies() throws(ContractError) -> [String] {
        let cookies = try strings("cookies")
        guard cookies.allSatisfy(HTTPFields.isValue) else {
            throw ContractError("\(place).cookies: expected each cookie on one line")
        }
        return cookies
    }
}
