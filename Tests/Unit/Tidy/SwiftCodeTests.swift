import Testing

@Suite struct SwiftCodeTests {
    @Test(arguments: [
        ("let a = 1 // note", "let a = 1 "), ("a /* b /* c */ d */ e", "a  e"),
        (#"f("text \"quoted\"") + 1"#, "f() + 1"),
        (#"f("a \(g("b") + h(1)) c")"#, "f((g() + h(1)))"),
        (##"f(#"raw \(not) "quote" "#)"##, "f()"), (##"f(#"raw \#(yes)"#)"##, "f((yes))"),
        ("#if x", "#if x"), ("a(\"// no comment\")", "a()"),
    ])
    func keepsCodeOnly(text: String, code: String) {
        #expect(SwiftCode(text).lines == [code[...]])
    }

    @Test func linesStayWhereTheyWere() {
        let text = "a\n/* b\n c */ d\n\"\"\"\n e \"\" f\n \\(g)\n\"\"\"\nh // i\nj"
        #expect(SwiftCode(text).lines == ["a", "", " d", "", "", "(g)", "", "h ", "j"])
    }

    @Test func functionsEndWhereTheirBraceStands() {
        let text = """
            protocol P {
                func one()
                var two: Int { get }
            }
            struct S: P {
                package init(
                    _ a: Int
                ) {
                    print(a)
                }

                @inline(__always) private static func three() -> Int {
                    if true {
                        1
                    }
                }
                var four: Int {
                    4
                }
            }
            """
        let functions = FunctionLengths(SwiftCode(text)).functions
        #expect(functions.map(\.line) == [6, 12, 17])
        #expect(functions.map(\.length) == [5, 5, 3])
    }

    @Test func sentencesAreCountedByParagraph() {
        let text = """
            /// One two three. Four `five six seven` eight:
            /// nine.

            let ten = 10 // not alone
            //
            // | a | table |
            //   an indented line
            // Eleven twelve
            """
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let found = CommentSentences(lines, marks: ["///", "//"]).sentences
        #expect(found.map(\.words) == [3, 3, 1, 2])
        #expect(found.map(\.line) == [1, 1, 1, 8])
    }

    @Test func importsAreFoundInEveryForm() {
        let text = """
            import A
            @testable import B
            package import struct C.D
            private import E.F // note
            let g = "import H"
            // import I
            """
        #expect(Imports.imports(of: SwiftCode(text)).map(\.module) == ["A", "B", "C", "E"])
    }
}
