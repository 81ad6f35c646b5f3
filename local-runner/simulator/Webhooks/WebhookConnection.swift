import EventLoop

/// One connection to the platform. It delivers one webhook at a time.
final class WebhookConnection {
    /// The status of the response; nil when there was none.
    typealias Completion = (WebhookConnection, Int?) -> Void

    private let stream: Stream
    private let completion: Completion
    private var reader = ResponseReader()
    private(set) var isBusy = false
    private(set) var keepsAlive = true
    /// When the webhook or the idle connection times out, in milliseconds of the loop's clock.
    var deadline = UInt64.max

    init(_ stream: Stream, completion: @escaping Completion) {
        self.stream = stream
        self.completion = completion
        stream.startReading { [unowned self] event in
            switch event {
            case .bytes(let bytes): didRead(bytes)
            case .end, .failed: end(nil)
            }
        }
    }

    func send(_ head: [UInt8], _ body: [UInt8]) {
        isBusy = true
        stream.write(head.span, body.span)
    }

    func end(_ status: Int?) {
        keepsAlive = false
        stream.close()
        finish(status)
    }

    func close() { stream.close() }

    private func didRead(_ bytes: Span<UInt8>) {
        // A response before any request, such as a server's 408 for an idle connection.
        guard isBusy else { return end(nil) }
        switch reader.read(bytes) {
        case .needsMore: break
        case .malformed: end(nil)
        case .done(let status, let keepsAlive):
            if keepsAlive { finish(status) } else { end(status) }
        }
    }

    private func finish(_ status: Int?) {
        isBusy = false
        completion(self, status)
    }
}
