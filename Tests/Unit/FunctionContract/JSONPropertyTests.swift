import FunctionContract
import SeededRandom
import Testing

@Suite struct JSONPropertyTests {
    @Test("A written value is read back unchanged", .timeLimit(.minutes(60)))
    func roundTrip() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let value = Self.value(depth: 4, &random)
            let bytes = value.bytes
            #expect(try JSONParser.parse(bytes) == value, "seed \(seed)")
            #expect(!bytes.contains(UInt8(ascii: "\n")), "seed \(seed)")
        }
    }

    @Test("200 000 mutated texts never crash, and both parsers agree", .timeLimit(.minutes(60)))
    func agreement() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var accepted = 0
        for _ in 0..<200_000 {
            let text = Self.mutatedText(&random)
            let parses = (try? JSONParser.parse(text)) != nil
            if parses { accepted += 1 }
            if parses != Self.skips(text) {
                Issue.record("seed \(seed): \(text) parses \(parses), skips \(!parses)")
                return
            }
        }
        #expect((1000..<199_000).contains(accepted), "seed \(seed): the texts prove little")
    }

    private static func skips(_ text: [UInt8]) -> Bool {
        var parser = JSONParser(text)
        return (try? parser.skipValue()) != nil && (try? parser.expectEnd()) != nil
    }

    private static let texts = [
        #"{"a":[1,-2.5e3]}"#, #""x\n\u00e9é""#, #"[true,null]"#, #"{"k":"\uD83D\uDE00"}"#,
        #" [ {} , "" ] "#, "-0.1E+22", #"{"a":1,"b":2}"#, "[[[1]],[]]", "12345678901234567890",
    ].map { Array($0.utf8) }

    private static let alphabet =
        Array("{}[]\",:\\u0129.eE+-tfn \n".utf8) + [0x00, 0x80, 0xC3, 0xA9, 0xFF]

    private static func mutatedText(_ random: inout SeededRandom) -> [UInt8] {
        var text = texts[Int(random.next() % UInt64(texts.count))]
        for _ in 0...(random.next() % 3) {
            let choice = random.next()
            let place = Int((choice >> 8) % UInt64(max(1, text.count)))
            let byte = alphabet[Int((choice >> 32) % UInt64(alphabet.count))]
            switch choice % 4 {
            case 0: text.insert(byte, at: place)
            case 1 where !text.isEmpty: text.remove(at: place)
            case 2 where !text.isEmpty: text.removeSubrange(place...)
            default: if place < text.count { text[place] = byte }
            }
        }
        return text
    }

    private static func value(depth: Int, _ random: inout SeededRandom) -> JSON {
        switch Int.random(in: 0..<(depth == 0 ? 6 : 8), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .integer(Int(truncatingIfNeeded: random.next() >> (random.next() % 64)))
        case 3: .integer(.random(in: .min ... .max, using: &random))
        case 4: .number(finiteNumber(&random))
        case 5: .string(string(&random))
        case 6: .array(many(&random).map { _ in value(depth: depth - 1, &random) })
        default:
            .object(
                JSONObject(
                    many(&random).map { _ in (string(&random), value(depth: depth - 1, &random)) }
                )
            )
        }
    }

    private static func many(_ random: inout SeededRandom) -> Range<Int> {
        0..<Int.random(in: 0...4, using: &random)
    }

    private static func finiteNumber(_ random: inout SeededRandom) -> Double {
        let number = Double(bitPattern: random.next())
        return number.isFinite ? number : 0.5
    }

    private static func string(_ random: inout SeededRandom) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let limits: [UInt32] = [0x20, 0x80, 0x800, 0x10000, 0x110000]
            let limit = limits[Int.random(in: 0..<5, using: &random)]
            text.append(Unicode.Scalar(.random(in: 0..<limit, using: &random)) ?? "\\")
        }
        return String(text)
    }
}
