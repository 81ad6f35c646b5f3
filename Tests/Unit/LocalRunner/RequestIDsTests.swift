import Testing

@testable import LocalRunner

@Suite struct RequestIDsTests {
    @Test func are128BitsInLowercaseHexadecimal() {
        var ids = RequestIDs(seed: 1)
        for _ in 0..<100 { #expect(Self.isHexadecimal(ids.next(), digits: 32)) }
    }

    @Test func neverMeetAgain() {
        var ids = RequestIDs()
        var others = RequestIDs()
        let all = Set((0..<50_000).flatMap { _ in [ids.next(), others.next()] })
        #expect(all.count == 100_000)
    }

    @Test func theSameSeedGivesTheSameNames() {
        var left = RequestIDs(seed: 7)
        var right = RequestIDs(seed: 7)
        #expect((0..<10).map { _ in left.next() } == (0..<10).map { _ in right.next() })
    }

    @Test func aTraceBearsTheRequestID() {
        var ids = RequestIDs(seed: 1)
        let id = ids.next()
        let fields = ids.traceparent(id).split(separator: "-").map(String.init)
        #expect(fields.count == 4)
        #expect(fields[0] == "00" && fields[1] == id && fields[3] == "01")
        #expect(Self.isHexadecimal(fields[2], digits: 16))
    }

    @Test(
        arguments: [
            "", "order-17", "0123456789abcdef0123456789abcdeg", "0123456789ABCDEF0123456789ABCDEF",
            "00000000000000000000000000000000", "0123456789abcdef0123456789abcdef0",
        ]
    )
    func aNameThatIsNoTraceIDGetsATraceOfItsOwn(_ name: String) {
        var ids = RequestIDs(seed: 1)
        let fields = ids.traceparent(name).split(separator: "-").map(String.init)
        #expect(fields.count == 4)
        #expect(fields[1] != name)
        #expect(Self.isHexadecimal(fields[1], digits: 32))
    }

    private static func isHexadecimal(_ text: String, digits: Int) -> Bool {
        text.utf8.count == digits && text.allSatisfy { "0123456789abcdef".contains($0) }
    }
}
