import SeededRandom
import Testing

@testable import Database

struct CopyTextTests {
    @Test(arguments: [
        ("a\tb\n", ["a", "b"]), ("\\N\t\t\\\\N\n", [nil, "", "\\N"]), ("\n", [""]), ("", [""]),
        ("\\t\\n\\r\\\\\\b\\f\\v\\x\n", ["\t\n\r\\\u{8}\u{C}\u{B}x"]), ("no end", ["no end"]),
    ])
    func readsFields(_ row: String, _ fields: [String?]) {
        #expect(CopyText.fields(of: Array(row.utf8)) == fields)
    }

    @Test(arguments: 0..<20)
    func readsWhatItWrote(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = "ab\t\n\r\\N\u{8}é{}\",".map { String($0) } + ["\\N", "\\."]
        for _ in 0..<200 {
            let fields = (0..<Int.random(in: 1...6, using: &random)).map { _ -> String? in
                guard Bool.random(using: &random) else { return nil }
                let length = Int.random(in: 0...8, using: &random)
                return (0..<length).map { _ in alphabet.randomElement(using: &random)! }
                    .joined()
            }
            var rows = CopyRows()
            rows.append(fields.map(Parameter.text))
            #expect(rows.bytes.count { $0 == UInt8(ascii: "\n") } == 1, "seed \(seed)")
            #expect(CopyText.fields(of: rows.bytes) == fields, "seed \(seed)")
        }
    }

    @Test(arguments: [
        (Parameter.texts(["a", nil, "", "NULL", "{\"\\"]), #"{"a",NULL,"","NULL","{\\"\\\\"}"#),
        (.ints([]), "{}"), (.bytes([0, 255]), #"\\x00ff"#), (.bool(true), "t"), (.int(nil), #"\N"#),
        (.double(-.infinity), "-inf"), (.int32(-7), "-7"),
    ])
    func writesValues(_ value: Parameter, _ text: String) {
        var rows = CopyRows()
        rows.append([value])
        #expect(String(decoding: rows.bytes, as: UTF8.self) == text + "\n")
    }
}
