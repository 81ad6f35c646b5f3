import EventLoop
import Glibc
import Testing

@Suite(.timeLimit(.minutes(60))) struct StreamTests {
    @Test(arguments: ["127.0.0.1", "::1"])
    func echoesMoreThanTheKernelHolds(_ host: String) throws {
        let pair = try ConnectedPair(host: host)
        let sent = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var received: [UInt8] = []
        var serverCompletions = 0
        pair.server.startReading { event in
            if case .bytes(let bytes) = event {
                pair.server.write(bytes) { error in
                    #expect(error == nil)
                    serverCompletions += 1
                }
            }
        }
        pair.client.startReading { event in
            if case .bytes(let bytes) = event { bytes.copy(to: &received) }
        }
        var clientCompletions = 0
        pair.client.write(sent) { error in
            #expect(error == nil)
            clientCompletions += 1
        }
        #expect(pair.client.queuedBytes > 0, "the test is meant to fill the kernel")
        try pair.loop.wait { received.count >= sent.count }
        #expect(received == sent)
        #expect(clientCompletions == 1)
        #expect(serverCompletions > 0)
        #expect(pair.client.peer?.host == host)
        try pair.close()
    }

    @Test func joinsTwoRunsOfBytesInOneWrite() throws {
        let pair = try ConnectedPair()
        var received: [UInt8] = []
        pair.server.startReading { event in
            if case .bytes(let bytes) = event { bytes.copy(to: &received) }
        }
        let (first, second): ([UInt8], [UInt8]) = ([1, 2, 3], [4, 5])
        var isWritten = false
        pair.client.write(first.span, second.span) { isWritten = $0 == nil }
        #expect(isWritten, "a write that the kernel takes completes at once")
        try pair.loop.wait { received.count == 5 }
        #expect(received == [1, 2, 3, 4, 5])
        try pair.close()
    }

    @Test func aHalfClosedClientStillGetsItsAnswer() throws {
        let pair = try ConnectedPair()
        var question: [UInt8] = []
        var answer: [UInt8] = []
        var isAnswered = false
        pair.server.startReading { event in
            switch event {
            case .bytes(let bytes): bytes.copy(to: &question)
            case .end:
                pair.server.write(question)
                pair.server.shutdown()
            case .failed(let error): Issue.record(error)
            }
        }
        pair.client.startReading { event in
            switch event {
            case .bytes(let bytes): bytes.copy(to: &answer)
            case .end: isAnswered = true
            case .failed(let error): Issue.record(error)
            }
        }
        pair.client.write([7, 8, 9])
        pair.client.shutdown()
        try pair.loop.wait { isAnswered }
        #expect(answer == [7, 8, 9])
        try pair.close()
    }

    @Test(arguments: [[], [1, 2, 3]])
    func aResetIsAFailureEvenRightBehindSomeBytes(_ bytes: [UInt8]) throws {
        let pair = try ConnectedPair()
        var failure: UVError?
        pair.server.startReading { event in
            if case .failed(let error) = event { failure = error }
        }
        pair.client.write(bytes)
        pair.client.reset()
        try pair.loop.wait { failure != nil }
        #expect(failure?.name == "ECONNRESET")
        #expect(failure?.isDisconnect == true)
        try pair.close()
    }

    @Test func stopsReadingUntilResumed() throws {
        let pair = try ConnectedPair()
        var received = 0
        pair.server.startReading { event in
            if case .bytes(let bytes) = event {
                received += bytes.count
                pair.server.stopReading()
            }
        }
        pair.client.write([1])
        try pair.loop.wait { received == 1 }
        pair.client.write([2])
        try pair.loop.wait { pair.server.hasUnreadInput }
        #expect(received == 1)
        pair.server.resumeReading()
        try pair.loop.wait { received == 2 }
        try pair.close()
    }

    @Test func closingFailsWhatIsQueuedAndWhatComesLater() throws {
        let pair = try ConnectedPair()
        var errors: [String?] = []
        var closings = 0
        pair.client.write([UInt8](repeating: 1, count: 16_000_000)) { errors.append($0?.name) }
        pair.client.close { closings += 1 }
        pair.client.close { closings += 1 }
        pair.client.write([1]) { errors.append($0?.name) }
        pair.client.shutdown { errors.append($0?.name) }
        try pair.loop.wait { closings == 2 }
        #expect(errors == ["ECANCELED", "ECANCELED", "ECANCELED"])
        try pair.close()
    }

    @Test func aWriteToAClosedPipeIsAnErrorAndNoSignal() throws {
        let loop = try EventLoop()
        var ends: [Int32] = [0, 0]
        unsafe #expect(pipe(&ends) == 0)
        Glibc.close(ends[0])
        let stream = try Stream(on: loop, pipe: ends[1])
        var error: UVError?
        stream.write([1]) { error = $0 }
        #expect(error?.name == "EPIPE")
        stream.close()
        try loop.finish()
    }
}
