import FunctionContract
import Testing

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"),
        ("foobar", "Zm9vYmFy", "666f6f626172"),
    ])
    func vectors(text: String, base64: String, base16: String) {
        let bytes = Array(text.utf8)
        #expect(Base64.encode(bytes) == base64)
        #expect(Base64.decode(base64) == bytes)
        #expect(Base16.encode(bytes) == base16)
        #expect(Base16.decode(base16) == bytes)
        #expect(Base16.decode(base16.uppercased()) == bytes)
    }

    @Test func everyLengthReadsBack() {
        for length in 0...64 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base16.decode(Base16.encode(bytes)) == bytes)
        }
    }

    @Test func everyByteReadsBack() {
        let bytes = Array(UInt8.min ... .max)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base16.decode(Base16.encode(bytes)) == bytes)
        #expect(Base64.encode([0xFB, 0xEF, 0xFF]) == "++//")
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zm9", "=", "==", "===", "====", "Z===", "Zg=v", "=Zg=", "Zg==Zg==",
        "Zm9v\n", "Zm 9v===", " Zm9v", "Zm9-", "Zm_v", "Zm9é", "Zm9vZg", "Zm\u{0}v",
    ])
    func refusesWhatIsNotBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["0", "0g", "g0", "0x00", " 0", "é0", "00 "])
    func refusesWhatIsNotBase16(text: String) {
        #expect(Base16.decode(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0000000000000000"), (255, "00000000000000ff"), (.max, "ffffffffffffffff"),
            (0x0123_4567_89AB_CDEF, "0123456789abcdef"),
        ] as [(UInt64, String)]
    )
    func sixteenDigitsOfANumber(value: UInt64, digits: String) {
        var text: [UInt8] = [0x78]
        Base16.append(value, to: &text)
        #expect(text == Array(("x" + digits).utf8))
    }
}
