internal import EventLoop

extension HTTPConnection {
    /// Whether bytes are queued because the client reads too slowly.
    var isBackedUp: Bool { stream.queuedBytes > 0 }

    /// Answers the request being handled.
    func send(_ response: HTTPResponse, to request: HTTPRequest) {
        guard isValid(response.status, response.headers) else {
            return send(.invalid, to: request)
        }
        let closes = closesAfter(response.headers, request)
        let hasBody = allowsBody(response.status, request)
        write(
            ResponseHead(
                status: response.status,
                headers: response.headers,
                framing: framing(response.status, response.body.count),
                connection: announcement(closes, request)
            )
        )
        if hasBody { append(response.body) }
        endAnswer(closes: closes)
    }

    /// Answers with an error, then ends the connection.
    func refuse(_ failure: RequestFailure) {
        var response = HTTPResponse(
            error: failure.code,
            status: failure.status,
            message: failure.message
        )
        if failure.status == 503 { response.headers.append("retry-after", "1") }
        write(
            ResponseHead(
                status: response.status,
                headers: response.headers,
                framing: .length(response.body.count),
                connection: .close
            )
        )
        append(response.body)
        mustDiscardInput = true
        parser.abandon()
        endAnswer(closes: true)
    }

    private func write(_ head: ResponseHead) {
        if output.isEmpty { server.lendOutput(to: &output) }
        head.write(to: &output, date: server.dateLine())
    }

    private func append(_ body: [UInt8]) {
        guard body.count > HTTPConnection.copiedBodyBytes else {
            return output.append(body.span)
        }
        let head = takeOutput()
        write(head.span, body.span)
        server.returnOutput(head)
    }

    private func endAnswer(closes: Bool) {
        guard phase != .closed else { return }
        exchange = nil
        phase = closes ? .finishing : .idle
        settle()
    }

    // Longer bodies are written next to their head in one call. Shorter ones are cheaper to copy.
    private static let copiedBodyBytes = 16 * 1024
}

// MARK: - Streaming

extension HTTPConnection {
    func beginStream(
        _ status: Int,
        _ headers: HTTPHeaders,
        for request: HTTPRequest
    ) -> ResponseHead.Framing {
        let closes = closesAfter(headers, request) || request.isHTTP10
        closesAfterStream = closes
        let framing: ResponseHead.Framing =
            if status == 204 || status == 304 { .none } else {
                request.isHTTP10 ? .untilClose : .chunked
            }
        write(
            ResponseHead(
                status: status,
                headers: headers,
                framing: framing,
                connection: announcement(closes, request)
            )
        )
        settle()
        return allowsBody(status, request) ? framing : .none
    }

    func sendPiece(_ bytes: [UInt8], _ framing: ResponseHead.Framing) {
        switch framing {
        case .chunked:
            output.append(hexadecimal: bytes.count)
            output.append("\r\n")
            output.append(bytes.span)
            output.append("\r\n")
        case .untilClose: output.append(bytes.span)
        case .none, .length: return
        }
        settle()
        if stream.queuedBytes > server.limits.queuedBytes { abort() }
    }

    func endStream(_ framing: ResponseHead.Framing) {
        if framing == .chunked { output.append("0\r\n\r\n") }
        endAnswer(closes: closesAfterStream)
    }

    /// Called when the handler drops its exchange: sends a 500, or resets an answer already begun.
    func abandonExchange(hasBegun: Bool) {
        exchange = nil
        if hasBegun { return abort() }
        let response = HTTPResponse.missing
        write(
            ResponseHead(
                status: response.status,
                headers: response.headers,
                framing: .length(response.body.count),
                connection: .close
            )
        )
        append(response.body)
        endAnswer(closes: true)
    }
}

// MARK: - Framing and the connection header

extension HTTPConnection {
    private func closesAfter(_ headers: HTTPHeaders, _ request: HTTPRequest) -> Bool {
        if !request.keepsAlive || server.endsConnections { return true }
        guard let connection = headers["connection"] else { return false }
        return isWord(connection.utf8.span, "close")
    }

    private func announcement(
        _ closes: Bool,
        _ request: HTTPRequest
    ) -> ResponseHead.Connection {
        if closes { return .close }
        return request.isHTTP10 ? .keepAlive : .unsaid
    }

    private func framing(_ status: Int, _ count: Int) -> ResponseHead.Framing {
        switch status {
        case 204, 304: .none
        case 205: .length(0)
        default: .length(count)
        }
    }

    private func allowsBody(_ status: Int, _ request: HTTPRequest) -> Bool {
        request.method != "HEAD" && status != 204 && status != 205 && status != 304
    }
}

// MARK: - Sending and ending

extension HTTPConnection {
    /// Passes all collected output to the kernel in one call.
    func flush() {
        guard !output.isEmpty, phase != .closed else { return }
        let bytes = takeOutput()
        write(bytes.span, Span())
        server.returnOutput(bytes)
    }

    private func takeOutput() -> [UInt8] {
        let bytes = output
        output = []
        return bytes
    }

    private func write(_ first: Span<UInt8>, _ second: Span<UInt8>) {
        isWriting = true
        stream.write(first, second) { self.didWrite($0) }
        isWriting = false
        guard phase != .closed, isBackedUp else { return }
        expectReading()
    }

    // The stream usually calls this before `write` returns, because the kernel took all the bytes.
    private func didWrite(_ error: UVError?) {
        if error != nil { return close() }
        guard !isWriting, !isBackedUp else { return }
        settle()
        if phase == .handling { exchange?.onDrain?() }
    }

    /// Ends the connection after its last answer. Closing while input still arrives would reset the
    /// connection and lose the answer. In that case only our side is closed first.
    func finish() {
        guard mustDiscardInput, !inputEnded else { return close() }
        phase = .lingering
        setDeadline(after: server.limits.lingerMilliseconds)
        stream.shutdown()
    }

    /// Resets the connection, so that a partial answer cannot pass for a complete one.
    func abort() {
        stream.reset()
        close()
    }

    /// Closes the connection, and tells the handler if it has not answered yet.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        let exchange = exchange
        self.exchange = nil
        stream.close()
        server.count(0, of: self)
        server.remove(self)
        exchange?.didDisconnect()
    }
}
