extension HTTPEvent {
    /// Appends the event as one line of JSON, with every field that AWS sends. It runs once per
    /// request on the host's event loop, so it writes bytes without temporary objects.
    package func encode(into writer: inout JSONWriter) {
        encode(into: &writer) { headers.encode(into: &$0) }
    }

    /// The same, for a host with its own header type: `headers` writes the header members.
    package func encode(
        into writer: inout JSONWriter,
        headers: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            writer.member("version", "2.0")
            writer.member("routeKey", routeKey)
            writer.member("rawPath", rawPath)
            writer.member("rawQueryString", rawQueryString)
            if !cookies.isEmpty {
                writer.name("cookies")
                writer.array { writer in for cookie in cookies { writer.string(cookie) } }
            }
            writer.plainName("headers")
            writer.object(headers)
            encodeMap("queryStringParameters", queryStringParameters, into: &writer)
            encodeMap("pathParameters", pathParameters, into: &writer)
            encodeMap("stageVariables", stageVariables, into: &writer)
            writer.plainName("requestContext")
            requestContext.encode(into: &writer)
            encodeBody(into: &writer)
            if let deadline {
                writer.plainName("deadlinems")
                writer.integer(deadline.milliseconds)
            }
        }
    }

    private func encodeMap(
        _ name: String,
        _ map: [String: String],
        into writer: inout JSONWriter
    ) {
        guard !map.isEmpty else { return }
        writer.name(name)
        writer.object { writer in
            for (key, value) in map.sorted(by: { $0.key < $1.key }) {
                writer.foreignMember(
                    key,
                    value
                )
            }
        }
    }

    private func encodeBody(into writer: inout JSONWriter) {
        guard let body else {
            writer.name("isBase64Encoded")
            writer.bool(false)
            return
        }
        writer.body(body)
    }
}

extension HTTPFields {
    /// Writes each name as one member. The values of a repeated name are joined by commas.
    package func encode(into writer: inout JSONWriter) {
        for (index, field) in fields.enumerated()
        where !fields[..<index].contains(where: { $0.name == field.name }) {
            if fields[(index + 1)...].contains(where: { $0.name == field.name }) {
                let values = fields.filter { $0.name == field.name }.map(\.value)
                writer.foreignMember(field.name, values.joined(separator: ","))
            } else {
                writer.foreignMember(field.name, field.value)
            }
        }
    }
}

extension RequestContext {
    fileprivate func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("accountId", accountId)
            writer.member("apiId", apiId)
            writer.member("domainName", domainName)
            writer.member("domainPrefix", domainPrefix)
            writer.plainName("http")
            writer.object { writer in
                writer.member("method", http.method)
                writer.member("path", http.path)
                writer.member("protocol", http.protocolVersion)
                writer.member("sourceIp", http.sourceIp)
                writer.member("userAgent", http.userAgent)
            }
            writer.member("requestId", requestId)
            writer.member("routeKey", routeKey)
            writer.member("stage", stage)
            writer.plainName("time")
            writer.plainString { time.appendCommonLogFormat(to: &$0) }
            writer.plainName("timeEpoch")
            writer.integer(time.milliseconds)
            if let authorizer {
                writer.name("authorizer")
                writer.value(authorizer)
            }
            if let authentication {
                writer.name("authentication")
                writer.value(authentication)
            }
        }
    }
}

extension JSONWriter {
    /// Writes a member whose name is a constant that needs no escape.
    package mutating func member(_ name: String, _ value: String) {
        member(name.utf8.span, value.utf8.span)
    }

    /// Writes a received header. The name is a token. Invalid UTF-8 in the value is replaced.
    package mutating func header(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        if (try? UTF8Span(validating: value)) != nil { return member(name, value) }
        var copy: [UInt8] = []
        copy.append(value)
        member(name, String(decoding: copy, as: UTF8.self).utf8.span)
    }

    /// Writes a member whose name came from outside and may need escapes.
    mutating func foreignMember(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    /// Writes the body and `isBase64Encoded`: valid UTF-8 as text, other bytes in base64.
    mutating func body(_ body: [UInt8]) {
        let isText = (try? UTF8Span(validating: body.span)) != nil
        plainName("body")
        if isText {
            string(utf8: body)
        } else {
            plainString { Base64.append(body, to: &$0) }
        }
        plainName("isBase64Encoded")
        bool(!isText)
    }
}
