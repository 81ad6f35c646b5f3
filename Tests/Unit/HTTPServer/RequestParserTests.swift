import Testing

@testable import HTTPServer

@Suite struct RequestParserTests {
    @Test(arguments: RequestSample.all)
    func anySplitGivesTheSameRequests(_ sample: RequestSample) {
        let bytes = Array(sample.text.utf8)
        let whole = decisions(on: [bytes])
        #expect(whole == sample.requests.map { .request($0) })
        for split in 1..<bytes.count {
            let parts = [Array(bytes[..<split]), Array(bytes[split...])]
            #expect(decisions(on: parts) == whole, "split at \(split)")
        }
        #expect(decisions(on: bytes.map { [$0] }) == whole, "byte by byte")
    }

    @Test(arguments: MalformedSample.all)
    func refusesWhatIsNotARequest(_ sample: MalformedSample) {
        let bytes = Array(sample.text.utf8)
        let whole = decisions(on: [bytes])
        #expect(whole.last?.status == sample.status, "\(sample.text)")
        #expect(decisions(on: bytes.map { [$0] }).last?.status == sample.status, "byte by byte")
    }

    @Test func decidesTheHeadLimitToTheByte() {
        var limits = HTTPServerLimits()
        limits.headBytes = 200
        let head = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        let filler = String(repeating: "x", count: 200 - head.utf8.count - 4)
        #expect(decisions(on: head + filler + "\r\n\r\n", limits).first?.status == nil)
        #expect(decisions(on: head + filler + "x\r\n\r\n", limits).first?.status == 431)
        let blanks = String(repeating: " ", count: 300)
        #expect(decisions(on: head + blanks + "\r\n\r\n", limits).first?.status == 431)
    }

    @Test func decidesTheTargetLimitToTheByte() {
        var limits = HTTPServerLimits()
        limits.targetBytes = 10
        let rest = " HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(decisions(on: "GET /123456789" + rest, limits).first?.status == nil)
        #expect(decisions(on: "GET /1234567890" + rest, limits).first?.status == 414)
    }

    @Test func decidesTheHeaderCountToTheField() {
        var limits = HTTPServerLimits()
        limits.headerCount = 3
        let head = "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n"
        #expect(decisions(on: head + "\r\n", limits).first?.status == nil)
        #expect(decisions(on: head + "C: 3\r\n\r\n", limits).first?.status == 431)
    }

    @Test func decidesTheBodyLimitToTheByte() {
        var limits = HTTPServerLimits()
        limits.bodyBytes = 4
        let head = "POST / HTTP/1.1\r\nHost: a\r\n"
        let chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
        #expect(decisions(on: head + "Content-Length: 4\r\n\r\nabcd", limits).first?.status == nil)
        #expect(decisions(on: head + "Content-Length: 5\r\n\r\n", limits).first?.status == 413)
        #expect(
            decisions(on: chunked + "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", limits).last?.status == nil
        )
        #expect(decisions(on: chunked + "2\r\nab\r\n3\r\ncde\r\n", limits).last?.status == 413)
    }

    @Test func refusesChunksThatAreMostlyFraming() {
        let extended = "1;" + String(repeating: "e", count: 40_000) + "\r\na\r\n"
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(decisions(on: head + extended).last?.status == 400)
        let trailers = "0\r\n" + String(repeating: "T: v\r\n", count: 10_000)
        #expect(decisions(on: head + trailers).last?.status == 400)
    }

    @Test(arguments: [
        ("Expect: 100-continue\r\nContent-Length: 3", true), ("Content-Length: 3", false),
        ("Expect: 100-Continue\r\nTransfer-Encoding: chunked", true),
    ])
    func tellsWhenTheClientWaitsForItsBodyToBeAsked(_ fields: String, _ expects: Bool) {
        let parser = RequestParser(limits: HTTPServerLimits(), peer: nil)
        let bytes = Array("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n".utf8)
        var offset = 0
        guard case .bodyFollows(let expectsContinue) = parser.parse(bytes.span, from: &offset)
        else {
            Issue.record("the head was not accepted")
            return
        }
        #expect(expectsContinue == expects)
        #expect(parser.isReceivingBody)
    }

    @Test func takesNoMoreThanOneRequestAtATime() {
        let parser = RequestParser(limits: HTTPServerLimits(), peer: nil)
        let one = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
        let bytes = Array((one + one).utf8)
        var offset = 0
        guard case .request = parser.parse(bytes.span, from: &offset) else {
            Issue.record("the first request was not seen")
            return
        }
        #expect(offset == one.utf8.count)
        #expect(!parser.isReceiving)
    }
}
