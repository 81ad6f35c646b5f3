import FunctionContract
import SeededRandom
import Testing

@Suite struct LineFramerTests {
    private static let stream = "one\n\ntwo words\n\nlonger than eight bytes, twice\n\n\nx\nrest"
    private static let lines = [
        "one", "", "two words", "", "longer than eight bytes, twice", "", "", "x",
    ]

    @Test func theSplitDoesNotMatter() {
        let bytes = Array(Self.stream.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var framer = LineFramer(limit: 64)
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]]
                let lines = pieces.flatMap { feed(Array($0), to: &framer) }
                #expect(lines == Self.lines)
                #expect(framer.hasPartialLine)
                let remainder = framer.takeRemainder()
                #expect(remainder == Array("rest".utf8))
                #expect(!framer.hasPartialLine)
            }
        }
    }

    @Test("Lines of random lengths are found in random pieces", .timeLimit(.minutes(60)))
    func randomStreams() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<20 {
            let lines = (0..<100).map { _ in
                String(repeating: "x", count: Int(random.next() >> (54 + random.next() % 9)))
            }
            var bytes = Array((lines.joined(separator: "\n") + "\n").utf8)[...]
            var framer = LineFramer(limit: 1024)
            var received: [String] = []
            while !bytes.isEmpty {
                let piece = bytes.prefix(Int(random.next() % 700))
                bytes = bytes.dropFirst(piece.count)
                received += feed(Array(piece), to: &framer)
            }
            #expect(received == lines, "seed \(seed)")
            #expect(!framer.hasPartialLine, "seed \(seed)")
        }
    }

    @Test func linesMayWaitWhileMoreComes() {
        var framer = LineFramer(limit: 100)
        accept("one\ntw", &framer)
        accept("o\nthree", &framer)
        expectLine("one", &framer)
        accept("\n", &framer)
        expectLine("two", &framer)
        expectLine("three", &framer)
        expectLine(nil, &framer)
        #expect(!framer.hasPartialLine)
    }

    @Test("The limit applies to a line, in any number of pieces", arguments: 1...12)
    func limit(pieceSize: Int) {
        for (length, fits) in [(9, true), (10, true), (11, false)] {
            let unended = "ab\n" + String(repeating: "x", count: length)
            #expect(staysWithin(10, unended, pieceSize) == fits, "\(length)")
            #expect(staysWithin(10, unended + "\ny\n", pieceSize) == fits, "\(length)")
        }
    }

    @Test func manyShortLinesAtOnceAreNoLongLine() {
        var framer = LineFramer(limit: 10)
        accept(String(repeating: "0123456789\n", count: 100), &framer)
        for _ in 0..<100 { expectLine("0123456789", &framer) }
        expectLine(nil, &framer)
    }

    @Test(arguments: [("", "next"), ("short\n", "next"), ("partial", "partialnext")])
    func aLongLineGivesItsMemoryBack(after: String, next: String) {
        var framer = LineFramer(limit: 4_000_000)
        let long = String(repeating: "x", count: 3_000_000)
        accept(long + "\n" + after, &framer)
        expectLine(long, &framer)
        _ = framer.next()
        accept("next\n", &framer)
        #expect(heldCapacity(of: framer) < 200_000)
        expectLine(next, &framer)
    }

    /// A stream that is never at the end of a line when it is read must not pile up.
    @Test func aWaitingPartialLineKeepsNothingElse() {
        var framer = LineFramer(limit: 1000)
        for _ in 0..<2000 {
            accept("half\n" + String(repeating: "x", count: 500) + "\nother ", &framer)
            while framer.next() != nil {}
        }
        #expect(framer.hasPartialLine)
        #expect(heldCapacity(of: framer) < 10_000)
    }

    @Test func theRemainderOfOneShotFramingIsEverything() {
        var framer = LineFramer(limit: 100)
        accept("{\n\"a\":", &framer)
        accept("1\n}", &framer)
        let (all, none) = (framer.takeRemainder(), framer.takeRemainder())
        #expect(String(decoding: all, as: UTF8.self) == "{\n\"a\":1\n}")
        #expect(none.isEmpty)
        accept("again\n", &framer)
        expectLine("again", &framer)
    }

    private func feed(_ bytes: [UInt8], to framer: inout LineFramer) -> [String] {
        let fits = framer.append(bytes.span)
        #expect(fits)
        var lines: [String] = []
        while let line = framer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    private func accept(_ text: String, _ framer: inout LineFramer) {
        let fits = framer.append(text.utf8.span)
        #expect(fits)
    }

    private func expectLine(_ text: String?, _ framer: inout LineFramer) {
        let line = framer.next()
        #expect(line.map { String(decoding: $0, as: UTF8.self) } == text)
    }

    private func staysWithin(_ limit: Int, _ stream: String, _ pieceSize: Int) -> Bool {
        var framer = LineFramer(limit: limit)
        var rest = Array(stream.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieceSize))
            guard framer.append(piece.span) else { return false }
            rest = rest.dropFirst(pieceSize)
            while framer.next() != nil {}
        }
        return true
    }

    private func heldCapacity(of framer: LineFramer) -> Int {
        let buffer = Mirror(reflecting: framer).children.first { $0.label == "buffer" }
        return (buffer?.value as? [UInt8])?.capacity ?? .max
    }
}
