import Measurement
import Testing

@Suite struct InvocationTests {
    private func parse(_ arguments: String...) throws -> Invocation {
        try Invocation(parsing: arguments, known: ["runner-warm", "runner-cold"])
    }

    @Test func measuresTheNamedCases() throws {
        #expect(
            try parse("runner-cold", "--runs", "3", "--check")
                == .measure(cases: ["runner-cold"], plan: .full(runs: 3), failsWhenUnmet: true)
        )
        #expect(
            try parse("--smoke", "all")
                == .measure(
                    cases: ["runner-warm", "runner-cold"],
                    plan: .smoke,
                    failsWhenUnmet: false
                )
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
        ["nope"], ["--fast"], [], ["--check"], ["runner-warm", "--runs"],
        ["runner-warm", "--runs", "0"], ["runner-warm", "--runs", "many"],
    ])
    func refuses(arguments: [String]) {
        #expect(throws: Failure.self) {
            try Invocation(parsing: arguments, known: ["runner-warm"])
        }
    }
}
