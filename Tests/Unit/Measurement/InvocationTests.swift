import Measurement
import Testing

@Suite struct InvocationTests {
    private func parse(_ arguments: String...) throws -> Invocation {
        try Invocation(parsing: arguments, known: ["runner-warm", "runner-cold", "send"])
    }

    @Test func measuresTheNamedCases() throws {
        #expect(
            try parse("runner-cold", "--runs", "3")
                == .measure(cases: ["runner-cold"], plan: .full(runs: 3))
        )
        #expect(
            try parse("--smoke", "all")
                == .measure(cases: ["runner-warm", "runner-cold", "send"], plan: .smoke)
        )
    }

    @Test func aNameThatIsNoCaseStandsForThoseThatBeginWithIt() throws {
        #expect(
            try parse("runner")
                == .measure(cases: ["runner-warm", "runner-cold"], plan: .full(runs: 5))
        )
        let known = ["pacing", "pacing-windows"]
        #expect(
            try Invocation(parsing: ["pacing"], known: known)
                == .measure(cases: ["pacing"], plan: .full(runs: 5))
        )
    }

    @Test func aSmokeRunWithoutNamesIsOfAllCases() throws {
        #expect(try parse("--smoke") == parse("--smoke", "all"))
    }

    @Test func asksForHelpOrTheList() throws {
        #expect(try parse("--help") == .help)
        #expect(try parse("runner-warm", "-h") == .help)
        #expect(try parse("--list") == .list)
    }

    @Test(arguments: [
        ["nope"], ["runner-w"], ["--fast"], [], ["--runs", "2"], ["runner-warm", "--runs"],
        ["runner-warm", "--runs", "0"], ["runner-warm", "--runs", "many"],
    ])
    func refuses(arguments: [String]) {
        #expect(throws: Failure.self) {
            try Invocation(parsing: arguments, known: ["runner-warm"])
        }
    }
}
