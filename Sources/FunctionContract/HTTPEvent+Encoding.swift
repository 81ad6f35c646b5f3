extension HTTPEvent {
    /// Appends the event as one line of JSON, every field that AWS sends included. This runs once
    /// per request on the host's loop: it writes bytes and builds nothing in between.
    package func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("version", "2.0")
            writer.member("routeKey", routeKey)
            writer.member("rawPath", rawPath)
            writer.member("rawQueryString", rawQueryString)
            if !cookies.isEmpty {
                writer.name("cookies")
                writer.array { writer in for cookie in cookies { writer.string(cookie) } }
            }
            encodeHeaders(into: &writer)
            encodeMap("queryStringParameters", queryStringParameters, into: &writer)
            encodeMap("pathParameters", pathParameters, into: &writer)
            encodeMap("stageVariables", stageVariables, into: &writer)
            writer.name("requestContext")
            requestContext.encode(into: &writer)
            encodeBody(into: &writer)
            if let deadline {
                writer.name("deadlinems")
                writer.integer(deadline.milliseconds)
            }
        }
    }

    /// Names that occur more than once are one member, their values joined by commas.
    private func encodeHeaders(into writer: inout JSONWriter) {
        let fields = headers.fields
        writer.name("headers")
        writer.object { writer in
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

extension RequestContext {
    fileprivate func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("accountId", accountId)
            writer.member("apiId", apiId)
            writer.member("domainName", domainName)
            writer.member("domainPrefix", domainPrefix)
            writer.name("http")
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
            writer.name("time")
            writer.plainString { time.appendCommonLogFormat(to: &$0) }
            writer.name("timeEpoch")
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
    /// A member whose name is a word of our own, without anything to escape.
    package mutating func member(_ name: String, _ value: String) {
        plainName(name)
        string(value)
    }

    /// A member whose name came from outside.
    mutating func foreignMember(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    /// The bytes of a message: as they are when they are text, else in base64, and which of both.
    mutating func body(_ body: [UInt8]) {
        let isText = (try? UTF8Span(validating: body.span)) != nil
        name("body")
        if isText {
            string(utf8: body)
        } else {
            plainString { Base64.append(body, to: &$0) }
        }
        name("isBase64Encoded")
        bool(!isText)
    }
}
