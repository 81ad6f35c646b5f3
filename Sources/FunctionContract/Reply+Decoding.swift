extension Reply {
    /// Reads the answer to an HTTP event. JSON without `statusCode` is a 200 with that JSON as
    /// the body, unless it is a failure.
    package static func decodeHTTP(_ bytes: [UInt8]) throws(ContractError) -> Reply {
        var parser = JSONParser(bytes)
        guard try parser.firstByte() == UInt8(ascii: "{") else {
            try parser.skipValue()
            try parser.expectEnd()
            return .http(.verbatim(bytes))
        }
        var fields = HTTPReplyFields()
        try parser.members { parser, name throws(ContractError) in
            try fields.read(name, from: &parser)
        }
        try parser.expectEnd()
        if let failure = fields.failure { return .failure(failure) }
        guard let reply = try fields.reply() else { return .http(.verbatim(bytes)) }
        return .http(reply)
    }

    /// Reads the answer to a schedule or queue event: any JSON object that is no failure will do.
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
        let isSpace: (UInt8) -> Bool = { $0 <= 0x20 }
        let start = json.firstIndex { !isSpace($0) } ?? 0
        let end = (json.lastIndex { !isSpace($0) } ?? -1) + 1
        let body = start == 0 && end == json.count ? json : Array(json[start..<max(start, end)])
        return HTTPReply(headers: ["content-type": "application/json"], body: body)
    }
}

/// The members of a reply that mean something to the host, met in any order. Everything else is
/// checked and passed over without being built: most replies are one long body.
private struct HTTPReplyFields {
    private var status: JSON?
    private var headers: JSON?
    private var cookies: JSON?
    private var body: JSON?
    private var isBase64: JSON?
    private var wake: JSON?
    private var errorType: JSON?
    private var errorMessage: JSON?

    mutating func read(_ name: String, from parser: inout JSONParser) throws(ContractError) {
        switch name {
        case "statusCode": status = try parser.value()
        case "headers": headers = try parser.value()
        case "cookies": cookies = try parser.value()
        case "body": body = try parser.value()
        case "isBase64Encoded": isBase64 = try parser.value()
        case "wake": wake = try parser.value()
        case "errorType": errorType = try parser.value()
        case "errorMessage": errorMessage = try parser.value()
        default: try parser.skipValue()
        }
    }

    var failure: FunctionFailure? {
        guard status == nil, let type = errorType?.string, let message = errorMessage?.string
        else { return nil }
        return FunctionFailure(type: type, message: message)
    }

    func reply() throws(ContractError) -> HTTPReply? {
        guard let status else { return nil }
        guard let code = status.integer ?? status.string.flatMap({ Int($0) }),
            (200...599).contains(code)
        else { throw ContractError("reply.statusCode: expected a number from 200 to 599") }
        let members = Members(
            .object(
                JSONObject([
                    ("headers", headers ?? .null), ("cookies", cookies ?? .null),
                    ("isBase64Encoded", isBase64 ?? .null), ("wake", wake ?? .null),
                    ("body", body ?? .null),
                ])
            ),
            of: "reply"
        )
        var fields = HTTPFields(
            try members.pairs("headers").map { ($0.name.lowercased(), $0.value) }
        )
        if fields["content-type"] == nil { fields.add("content-type", "application/json") }
        return HTTPReply(
            statusCode: code,
            headers: fields,
            cookies: try members.strings("cookies"),
            body: try decodedBody(members),
            wake: try members.strings("wake")
        )
    }

    private func decodedBody(_ members: Members) throws(ContractError) -> [UInt8] {
        guard let text = try members.string("body") else { return [] }
        guard try members.bool("isBase64Encoded") ?? false else { return Array(text.utf8) }
        guard let bytes = Base64.decode(text) else {
            throw ContractError("reply.body: expected base64, because isBase64Encoded is true")
        }
        return bytes
    }
}
