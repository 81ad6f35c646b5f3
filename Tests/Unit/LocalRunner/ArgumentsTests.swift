import Testing

@testable import LocalRunner

@Suite struct ArgumentsTests {
    private static let command = Command(
        name: "bake",
        summary: "Bake a cake.",
        operands: ["<cake>"],
        options: [
            .init("heat", "degrees", "how hot"), .init("topping", "name", "may be repeated"),
            .init("glaze", nil, "shiny"),
        ]
    ) { _, _ in 0 }

    private static let plain = Command(name: "rest", summary: "Do nothing.") { _, _ in 0 }

    @Test func readsOptionsSwitchesAndOperandsInAnyOrder() throws {
        let words = ["--heat", "180", "carrot", "--topping=nuts", "--glaze", "--topping", "cream"]
        let arguments = try Arguments(words, for: Self.command)
        #expect(arguments.positional == ["carrot"])
        #expect(arguments["heat"] == "180")
        #expect(try arguments.number("heat", 0...300) == 180)
        #expect(arguments.all("topping") == ["nuts", "cream"])
        #expect(arguments["topping"] == "cream")
        #expect(arguments.has("glaze"))
        #expect(try arguments.operand(0, "the cake") == "carrot")
    }

    @Test func whatIsNotGivenIsNotThere() throws {
        let arguments = try Arguments([], for: Self.command)
        #expect(arguments["heat"] == nil)
        #expect(try arguments.number("heat", 0...300) == nil)
        #expect(arguments.all("topping") == [])
        #expect(!arguments.has("glaze"))
    }

    @Test(
        arguments: [
            (["-"], ["-"]), (["--", "--heat"], ["--heat"]), (["--", "-x"], ["-x"]), (["--"], []),
        ]
    )
    func aDashOrWhatFollowsTwoIsAnOperand(_ words: [String], _ operands: [String]) throws {
        #expect(try Arguments(words, for: Self.command).positional == operands)
    }

    @Test(arguments: ["--heat=", "--heat=a=b"])
    func theValueIsWhatFollowsTheFirstEqualsSign(_ word: String) throws {
        let arguments = try Arguments([word], for: Self.command)
        #expect(arguments["heat"].map { "--heat=\($0)" } == word)
    }

    @Test(
        arguments: [
            (["--hot"], #"bake: unknown option "--hot"; known are --heat, --topping, --glaze"#),
            (["-h"], #"bake: unknown option "-h"; known are --heat, --topping, --glaze"#),
            (["--heat"], "bake: --heat needs a value, <degrees>"),
            (["--glaze=yes"], "bake: --glaze takes no value"),
            (["a", "b"], #"bake: unexpected "b" (try `local-runner bake --help`)"#),
        ]
    )
    func saysWhatIsWrong(_ words: [String], _ sentence: String) {
        #expect(throws: UsageError(sentence)) { try Arguments(words, for: Self.command) }
    }

    @Test func saysThatACommandTakesNoOptions() {
        #expect(throws: UsageError(#"rest: unknown option "--x"; it takes none"#)) {
            try Arguments(["--x"], for: Self.plain)
        }
    }

    @Test(arguments: ["", "x", "-1", "301", "18.5", "99999999999999999999"])
    func saysWhichNumbersAreExpected(_ text: String) throws {
        let arguments = try Arguments(["--heat=\(text)"], for: Self.command)
        let sentence = #"bake: --heat: expected a number from 0 to 300, found "\#(text)""#
        #expect(throws: UsageError(sentence)) { try arguments.number("heat", 0...300) }
    }

    @Test func saysWhichChoicesThereAre() throws {
        let arguments = try Arguments(["--topping", "mud"], for: Self.command)
        #expect(throws: UsageError(#"bake: --topping: expected nuts or cream, found "mud""#)) {
            try arguments.choice("topping", ["nuts", "cream"])
        }
        #expect(try arguments.choice("topping", ["mud", "sand"]) == "mud")
        #expect(try arguments.choice("heat", ["low"]) == nil)
    }

    @Test func saysWhichOperandIsMissing() throws {
        let arguments = try Arguments([], for: Self.command)
        #expect(throws: UsageError("bake: the cake is missing (try `local-runner bake --help`)")) {
            try arguments.operand(0, "the cake")
        }
    }
}
