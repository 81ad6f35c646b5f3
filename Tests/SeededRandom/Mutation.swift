/// Small damage, as a broken line or a malicious hand does it.
package struct Mutation {
    /// Pieces that are worth putting in: the ends of numbers, what opens and is not closed, what
    /// is no text.
    private static let words = [
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e308", "-1e-308",
        "-0", "0.5", "null", "true", "\"\"", "{}", "[]", "{", "[", "\"", "\\", "\\u0000", "\\ud800",
        ",", ":", "{{", "}}", "://", "@", "%", "%f", "=", "&", "+", "-", "/", "*", ".", "\n",
        "\u{0}", "\u{301}", "\u{202E}", "\u{FEFF}", "é", "🏴\u{E0067}", "٣", "２",
        String(repeating: "[", count: 200), String(repeating: "{\"a\":", count: 200),
        String(repeating: "9", count: 400),
    ]

    private static let pieces: [[UInt8]] =
        words.map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x80]]

    /// Checks what is whole, and then so many damaged copies; `check` learns the seed that they were
    /// drawn with.
    package static func rounds(
        _ count: Int,
        of originals: [[UInt8]],
        check: ([UInt8], UInt64) throws -> Void
    ) throws {
        try rounds(count, of: originals, damage: { of($0, using: &$1) }, check: check)
    }

    /// The same with texts.
    package static func rounds(
        _ count: Int,
        of originals: [String],
        check: (String, UInt64) throws -> Void
    ) throws {
        try rounds(count, of: originals, damage: { of($0, using: &$1) }, check: check)
    }

    private static func rounds<Original>(
        _ count: Int,
        of originals: [Original],
        damage: (Original, inout SeededRandom) -> Original,
        check: (Original, UInt64) throws -> Void
    ) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for original in originals { try check(original, seed) }
        for _ in 0..<count {
            let original = originals[Int.random(in: originals.indices, using: &random)]
            try check(damage(original, &random), seed)
        }
    }

    /// A copy of `bytes` with up to four changes.
    package static func of(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...8, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(.random(in: .min ... .max, using: &random), at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3 where place < bytes.count:
                bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            default:
                let piece = pieces[Int.random(in: pieces.indices, using: &random)]
                bytes.replaceSubrange(place..<end, with: piece)
            }
        }
        return bytes
    }

    /// The same of a text; what is no UTF-8 afterwards is U+FFFD.
    package static func of(_ text: String, using random: inout SeededRandom) -> String {
        String(decoding: of(Array(text.utf8), using: &random), as: UTF8.self)
    }
}
