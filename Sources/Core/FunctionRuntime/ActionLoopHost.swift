internal import FunctionContract
internal import Glibc

/// OpenWhisk's ActionLoop: one activation per line on stdin, one result per line on descriptor 3.
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
            if count == 0 { break }
            guard framer.append(buffer.span.extracting(0..<count)) else {
                try output.write(Self.line(.failure(.eventTooLarge)))
                return 1
            }
            while let line = framer.next() { try reply(to: line, function) }
        }
        try reply(to: framer.takeRemainder(), function)
        return 0
    }

    private func reply(to line: [UInt8], _ function: Function) throws(DescriptorError) {
        guard line.contains(where: { $0 > 0x20 }) else { return }
        try output.write(Self.line(answer(line, function)))
    }

    private func answer(_ line: [UInt8], _ function: Function) -> Reply {
        do {
            let activation = Activation(try JSONParser.parse(line))
            activation.export()
            let call = HostCall(
                requestID: activation.id,
                deadline: activation.deadline,
                environment: .process
            )
            let event = try activation.event(at: process.clock())
            return process.answer(event, with: function, call: call)
        } catch {
            process.log.error("cannot read the activation: \(error.message)")
            return .failure(FunctionFailure(type: "MalformedEvent", message: error.message))
        }
    }

    /// The result in the platform's form, or an error when it is too long.
    private static func line(_ reply: Reply) -> [UInt8] {
        let bytes = result(of: reply).bytes
        guard bytes.count > Limits.replyBytes else { return bytes + [UInt8(ascii: "\n")] }
        return line(.failure(.replyTooLarge(bytes.count)))
    }

    private static func result(of reply: Reply) -> JSON {
        switch reply {
        case .failure(let failure):
            return ["error": .string("\(failure.type): \(failure.message)")]
        case .batch(let reply):
            return ["processed": .integer(reply.processed), "remaining": .integer(reply.remaining)]
        case .http(let reply):
            var headers = JSONObject(reply.headers.fields.map { ($0.name, .string($0.value)) })
            if !reply.cookies.isEmpty {
                headers["set-cookie"] = .array(reply.cookies.map { .string($0) })
            }
            return [
                "statusCode": .integer(reply.statusCode), "headers": .object(headers),
                "body": .string(body(of: reply)),
            ]
        }
    }

    /// The platform sends text unchanged and decodes every other body as base64, by content type.
    private static func body(of reply: HTTPReply) -> String {
        let type = reply.headers["content-type"]
        if type == nil || Activation.isText(type) || Activation.isJSON(type),
            let text = String(validating: reply.body, as: UTF8.self)
        {
            return text
        }
        return Base64.encode(reply.body)
    }
}
