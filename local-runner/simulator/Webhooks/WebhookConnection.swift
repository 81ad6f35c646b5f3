import EventLoop

/// One connection to the platform: one webhook at a time.
final class WebhookConnection {
    /// How a webhook was answered; nil when it was not.
    typealias Completion = (WebhookConnection, Int?) -> Void

    private let stream: Stream
    private let completion: Completion
    private var reader = ResponseReader()
    private(set) var isBusy = false
    private(set) var keepsAlive = true
    /// When the webhook, or the idle connection, is given up, on the clock of the loop.
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
        // An answer before the question, such as a server's word that it has waited too long.
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
