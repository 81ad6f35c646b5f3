import FunctionContract
import Testing

@Suite struct JSONWriterTests {
    @Test func everyByteBelow128IsEscapedWhereItMustBe() throws {
        let named: [UInt8: String] = [
            0x09: #"\t"#, 0x0A: #"\n"#, 0x0D: #"\r"#, 0x22: #"\""#, 0x5C: #"\\"#,
        ]
        for byte in UInt8(0)..<128 {
            let character = String(decoding: [byte], as: UTF8.self)
            let hex = Base16.encode([byte])
            let escaped = named[byte] ?? (byte < 0x20 ? "\\u00\(hex)" : character)
            #expect(JSON.string(character).text == "\"\(escaped)\"")
        }
    }

    /// The search goes eight bytes at a time and the copy by the block: every place must do.
    @Test(arguments: ["\"", "\\", "\n", "\u{1}"])
    func anEscapeIsFoundAtEveryPlace(character: String) throws {
        for length in 0...40 {
            for place in 0...length {
                let text =
                    String(repeating: "a", count: place) + character
                    + String(repeating: "é", count: length - place)
                #expect(try JSONParser.parse(JSON.string(text).bytes) == .string(text))
            }
        }
    }

    @Test(arguments: [255, 256, 257, 511, 512, 513, 10_000])
    func longTextsOfEscapesOnly(count: Int) throws {
        let text = String(repeating: "\u{0}\"", count: count)
        #expect(try JSONParser.parse(JSON.string(text).bytes) == .string(text))
    }

    @Test func commasStandBetweenAndNowhereElse() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("a")
            writer.array { writer in
                writer.integer(1)
                writer.array { _ in }
                writer.object { _ in }
                writer.string("x")
                writer.bool(true)
                writer.null()
                writer.raw("[2]")
            }
            writer.name("b")
            writer.object { writer in writer.member("c", "d") }
            writer.member("e", "\"")
            writer.member("f", "")
        }
        writer.newline()
        writer.integer(3)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text == #"{"a":[1,[],{},"x",true,null,[2]],"b":{"c":"d"},"e":"\"","f":""}"# + "\n3"
        )
    }

    @Test func startsAgain() {
        var writer = JSONWriter(reserving: 4)
        writer.string("one")
        writer.removeAll()
        writer.string(utf8: Array("two\n".utf8))
        #expect(writer.bytes == Array(#""two\n""#.utf8))
    }

    @Test(arguments: [
        (Double.infinity, "null"), (-.infinity, "null"), (.nan, "null"), (0.5, "0.5"), (1, "1.0"),
        (-0.0, "-0.0"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
    ])
    func numbers(value: Double, text: String) {
        #expect(JSON.number(value).text == text)
    }

    @Test func integersOfEveryLengthAndSign() {
        var value: Int64 = 1
        for _ in 0..<19 {
            for integer in [value, value - 1, -value, 1 - value] { expectText(of: integer) }
            value = value.multipliedReportingOverflow(by: 10).partialValue
        }
        expectText(of: Int64.max)
        expectText(of: Int64.min)
        expectText(of: UInt64.max)
        expectText(of: UInt8.max)
    }

    private func expectText(of integer: some BinaryInteger) {
        var writer = JSONWriter()
        writer.integer(integer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\(integer)")
    }
}
