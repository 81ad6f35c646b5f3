internal import FunctionContract

/// stdin and stdout: one event up to the end of stdin, or one event per line.
struct StdioHost {
    let process: FunctionProcess
    var input = Descriptor.standardInput
    let output: Descriptor

    func runOnce(_ function: Function) throws(DescriptorError) -> CInt {
        if input.isTerminal {
            process.log.info("waiting for an event as JSON on stdin; Ctrl-D ends it")
        }
        let bytes = try input.readToEnd(limit: Limits.eventBytes)
        guard bytes.count <= Limits.eventBytes else {
            return try finish(.failure(.eventTooLarge))
        }
        guard bytes.contains(where: { $0 > 0x20 }) else {
            return try finish(.failure(.noEvent))
        }
        return try finish(process.answer(bytes, with: function))
    }

    private func finish(_ reply: Reply) throws(DescriptorError) -> CInt {
        let (bytes, isFailure) = line(for: reply)
        try output.write(bytes)
        return isFailure ? 1 : 0
    }

    func runStream(_ function: Function) throws(DescriptorError) -> CInt {
        var framer = LineFramer(limit: Limits.eventBytes)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try input.read(into: &buffer)
            if count == 0 { break }
            guard framer.append(buffer.span.extracting(0..<count)) else {
                try output.write(line(for: .failure(.eventTooLarge)).bytes)
                return 1
            }
            try reply(to: &framer, function)
        }
        try reply(to: framer.takeRemainder(), function)
        return 0
    }

    /// Answers the complete lines that have arrived: one by one, or as one batch with one write if
    /// the function batches.
    private func reply(
        to framer: inout LineFramer,
        _ function: Function
    ) throws(DescriptorError) {
        guard function.answersTogether else {
            while let event = framer.next() { try reply(to: event, function) }
            return
        }
        var events: [[UInt8]] = []
        while let event = framer.next() { if isEvent(event) { events.append(event) } }
        let replies = process.answer(events, with: function).map { line(for: $0).bytes }
        if !replies.isEmpty { try output.write(Array(replies.joined())) }
    }

    private func reply(to event: [UInt8], _ function: Function) throws(DescriptorError) {
        guard isEvent(event) else { return }
        try output.write(line(for: process.answer(event, with: function)).bytes)
    }

    private func isEvent(_ line: [UInt8]) -> Bool { line.contains { $0 > 0x20 } }

    private func line(for reply: Reply) -> (bytes: [UInt8], isFailure: Bool) {
        var writer = JSONWriter(reserving: 1024)
        let reply = reply.withinLimit(&writer)
        writer.newline()
        if case .failure = reply { return (writer.bytes, true) }
        return (writer.bytes, false)
    }
}

extension Reply {
    /// Writes the reply, or a failure instead when the reply is longer than any host accepts.
    func withinLimit(_ writer: inout JSONWriter) -> Reply {
        encode(into: &writer)
        guard writer.bytes.count > Limits.replyBytes else { return self }
        let failure = FunctionFailure.replyTooLarge(writer.bytes.count)
        writer.removeAll()
        Reply.failure(failure).encode(into: &writer)
        return .failure(failure)
    }
}

extension FunctionFailure {
    static let eventTooLarge = FunctionFailure(
        type: "EventTooLarge",
        message: "the event is longer than \(Limits.eventBytes) bytes"
    )

    static let bodyTooLarge = FunctionFailure(
        type: "EventTooLarge",
        message: "the body is longer than \(Limits.bodyBytes) bytes"
    )

    static let noEvent = FunctionFailure(
        type: "MalformedEvent",
        message: "there is no event on stdin (try --help)"
    )

    static func replyTooLarge(_ count: Int) -> FunctionFailure {
        FunctionFailure(
            type: "Function.ResponseSizeTooLarge",
            message: "the reply is \(count) bytes long, at most \(Limits.replyBytes) can be sent"
        )
    }
}
