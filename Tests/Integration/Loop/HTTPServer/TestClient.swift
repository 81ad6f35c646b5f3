import EventLoop
import Testing

/// A client that sends what it is told, and keeps what it gets.
final class TestClient {
    private(set) var received: [UInt8] = []
    private(set) var isEnded = false
    private(set) var failure: UVError?
    private let loop: EventLoop
    private let stream: Stream

    init(on loop: EventLoop, port: UInt16) throws {
        var result: Result<Stream, UVError>?
        try Connector.connect(on: loop, host: "127.0.0.1", port: port) { result = $0 }
        try loop.wait { result != nil }
        stream = try #require(result).get()
        self.loop = loop
        resume()
    }

    var text: String { String(decoding: received, as: UTF8.self) }
    var isOver: Bool { isEnded || failure != nil }

    func send(_ text: String) {
        stream.write(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        stream.write(bytes)
    }

    func endSending() {
        stream.shutdown()
    }

    func stopReading() {
        stream.stopReading()
    }

    func resume() {
        stream.startReading { [unowned self] event in
            switch event {
            case .bytes(let bytes): bytes.copy(to: &received)
            case .end: isEnded = true
            case .failed(let error): failure = error
            }
        }
    }

    var queuedBytes: Int { stream.queuedBytes }

    func reset() {
        stream.reset()
    }

    func close() {
        stream.close()
    }

    /// Waits for the next complete answer and takes it out of what was received.
    func answer(
        toHead: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Answer {
        var answer: Answer?
        try loop.wait(sourceLocation: sourceLocation) {
            answer = Answer(received, isOver: isEnded, hasBody: !toHead)
            return answer != nil || isOver
        }
        let complete = try #require(answer, "got \(text)", sourceLocation: sourceLocation)
        received.removeFirst(complete.byteCount)
        return complete
    }

    /// Waits for the server to close; a reset fails the test.
    func waitForEnd(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try loop.wait(sourceLocation: sourceLocation) { isOver }
        #expect(failure == nil, sourceLocation: sourceLocation)
    }
}
