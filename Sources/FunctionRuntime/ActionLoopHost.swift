internal import FunctionContract
internal import Glibc

/// OpenWhisk's ActionLoop: an activation a line on stdin, its result a line on descriptor 3.
struct ActionLoopHost {
    let process: FunctionProcess
    var input = Descriptor.standardInput
    var output = Descriptor(number: 3)

    func run(_ function: Function) throws(DescriptorError) -> CInt {
        if process.environment.variables["__OW_WAIT_FOR_ACK"] != nil {
            try output.write(Array("{\"ok\":true}\n".utf8))
        }
        var framer = LineFramer(limit: Limits.eventBytes)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try input.read(into: &buffer)
            if count == 0 { return 0 }
            guard framer.append(buffer.span.extracting(0..<count)) else { return 1 }
            while let line = framer.next() {
                var writer = JSONWriter(reserving: 1024)
                writer.value(result(of: line, function))
                writer.newline()
                try output.write(writer.bytes)
            }
        }
    }

    private func result(of line: [UInt8], _ function: Function) -> JSON {
        let activation: JSON
        let event: Event
        do {
            activation = try JSONParser.parse(line)
            event = try Event(activation: activation)
        } catch {
            return Self.error("cannot read the activation: \(error.message)")
        }
        export(activation)
        let call = HostCall(
            requestID: activation["activation_id"]?.string,
            deadline: Self.milliseconds(activation["deadline"]).map(Timestamp.init(milliseconds:))
        )
        return Self.result(of: process.answer(event, with: function, call: call))
    }

    /// The platform's way: what belongs to the activation stands in the environment as `__OW_…`.
    private func export(_ activation: JSON) {
        for member in activation.object?.members ?? [] where member.name != "value" {
            let text = member.value.string ?? member.value.text
            unsafe setenv("__OW_\(member.name.uppercased())", text, 1)
        }
    }

    private static func milliseconds(_ value: JSON?) -> Int64? {
        (value?.integer ?? value?.string.flatMap { Int($0) }).map(Int64.init)
    }

    private static func result(of reply: Reply) -> JSON {
        switch reply {
        case .failure(let failure): return error("\(failure.type): \(failure.message)")
        case .batch(let reply):
            return ["processed": .integer(reply.processed), "remaining": .integer(reply.remaining)]
        case .http(let reply):
            var headers = JSONObject(reply.headers.fields.map { ($0.name, .string($0.value)) })
            if !reply.cookies.isEmpty {
                headers["set-cookie"] = .array(reply.cookies.map { .string($0) })
            }
            let text = String(validating: reply.body, as: UTF8.self)
            return [
                "statusCode": .integer(reply.statusCode), "headers": .object(headers),
                "body": .string(text ?? Base64.encode(reply.body)),
            ]
        }
    }

    private static func error(_ message: String) -> JSON {
        ["error": .string(message)]
    }
}

extension Event {
    /// The event inside an activation: one of ours as it is, a web action's request, or plain
    /// parameters, which become the JSON body of a POST.
    fileprivate init(activation: JSON) throws(ContractError) {
        guard let value = activation["value"], value.object != nil else {
            throw ContractError("expected an object under \"value\"")
        }
        if value["__ow_method"] != nil {
            self = .http(HTTPEvent(webAction: value))
        } else if value["specversion"] != nil || value["requestContext"] != nil {
            self = try Event(json: value)
        } else {
            var event = HTTPEvent()
            event.requestContext.http.method = "POST"
            event.headers.add("content-type", "application/json")
            event.body = value.bytes
            self = .http(event)
        }
    }
}

extension HTTPEvent {
    fileprivate init(webAction value: JSON) {
        self.init()
        requestContext.http.method = value["__ow_method"]?.string?.uppercased() ?? "POST"
        rawPath = value["__ow_path"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        requestContext.http.path = rawPath
        rawQueryString = value["__ow_query"]?.string ?? ""
        queryStringParameters = HTTPEvent.parameters(ofQuery: rawQueryString)
        for member in value["__ow_headers"]?.object?.members ?? [] {
            headers.add(member.name.lowercased(), member.value.string ?? member.value.text)
        }
        if let body = value["__ow_body"]?.string {
            self.body =
                Self.isPlainText(headers["content-type"])
                ? Array(body.utf8) : Base64.decode(body) ?? Array(body.utf8)
        } else {
            var parameters = value.object ?? JSONObject()
            parameters.members.removeAll { $0.name.hasPrefix("__ow_") }
            if !parameters.members.isEmpty { self.body = JSON.object(parameters).bytes }
        }
    }

    /// Web actions get JSON and binary bodies in base64 and all other text as it is.
    private static func isPlainText(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        return contentType.hasPrefix("text/")
            || contentType.hasPrefix("application/x-www-form-urlencoded")
    }
}
