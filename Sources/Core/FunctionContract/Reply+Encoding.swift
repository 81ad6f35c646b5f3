extension Reply {
    package func encode(into writer: inout JSONWriter) {
        switch self {
        case .http(let reply): reply.encode(into: &writer)
        case .batch(let reply): reply.encode(into: &writer)
        case .failure(let failure): failure.encode(into: &writer)
        }
    }

    package var bytes: [UInt8] {
        var writer = JSONWriter(reserving: 512)
        encode(into: &writer)
        return writer.bytes
    }
}

extension HTTPReply {
    fileprivate func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("statusCode")
            writer.integer(statusCode)
            writer.name("headers")
            writer.object { writer in
                for field in headers.fields { writer.foreignMember(field.name, field.value) }
            }
            if !cookies.isEmpty { writer.strings("cookies", cookies) }
            writer.body(body)
            if !wake.isEmpty { writer.strings("wake", wake) }
        }
    }
}

extension BatchReply {
    fileprivate func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("processed")
            writer.integer(processed)
            writer.name("remaining")
            writer.integer(remaining)
            if !wake.isEmpty { writer.strings("wake", wake) }
        }
    }
}

extension FunctionFailure {
    fileprivate func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("errorType", type)
            writer.member("errorMessage", message)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func strings(_ name: String, _ values: [String]) {
        self.name(name)
        array { writer in for value in values { writer.string(value) } }
    }
}
