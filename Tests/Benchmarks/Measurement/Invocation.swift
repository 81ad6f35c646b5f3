/// What the command line asks for.
package enum Invocation: Equatable, Sendable {
    case help
    case list
    case measure(cases: [String], plan: Plan, failsWhenUnmet: Bool)

    package static let usage = """
        usage: bench <case>... [--smoke] [--runs N] [--check]
               bench all | --list | --help

        Measures ours and its peers in turn and prints one JSON line a case. A ratio of more than 1
        means that ours is better; a peer that is not installed is named in "missing".

          --runs N   samples of each contender, the median counts (default 5)
          --smoke    one tiny sample of what this package builds: does it work? (all cases if none is named)
          --check    exit 1 when a budget is not met by what could be measured
          --list     the cases and their budgets

        LOCAL_RUNNER and OF_WATCHDOG may name the binaries to measure, and BENCH_RECIPIENTS how many
        people the campaign of `pacing` writes to (2500).
        """

    /// Reads the arguments after the program's name.
    package init(parsing arguments: [String], known: [String]) throws(Failure) {
        var cases: [String] = []
        var runs: Int?
        var isSmoke = false
        var failsWhenUnmet = false
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h":
                self = .help
                return
            case "--list":
                self = .list
                return
            case "--smoke": isSmoke = true
            case "--check": failsWhenUnmet = true
            case "--runs": runs = try Self.runs(rest.popFirst())
            case "all": cases += known
            case _ where known.contains(argument): cases.append(argument)
            default: throw Failure("there is no case or option \(argument)")
            }
        }
        if isSmoke, cases.isEmpty { cases = known }
        guard !cases.isEmpty else { throw Failure("name a case") }
        let plan = isSmoke ? Plan.smoke : Plan.full(runs: runs ?? 5)
        self = .measure(cases: cases, plan: plan, failsWhenUnmet: failsWhenUnmet)
    }

    private static func runs(_ text: String?) throws(Failure) -> Int {
        guard let runs = text.flatMap({ Int($0) }), 1...1000 ~= runs else {
            throw Failure("--runs takes a number from 1 to 1000")
        }
        return runs
    }
}
