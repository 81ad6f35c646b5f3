/// What the command line asks for.
package enum Invocation: Equatable, Sendable {
    case help
    case list
    case measure(cases: [String], plan: Plan)

    package static let usage = """
        usage: bench <case>... [--smoke] [--runs N]
               bench all | --list | --help

        Measures ours and its peers in turn. Prints one JSON line a case on stdout; stderr tells how
        it goes and ends with one line a case: its median, its ratios, its budget, met or missed.
        A ratio of more than 1 means that ours is better; a peer that is not installed is missing.

          --runs N   samples of each contender, the median counts (default 5)
          --smoke    one tiny sample of what this package builds: does it work? No figure is judged.
                     All cases if none is named
          --list     the cases and their budgets

        A name such as many-tenants stands for all cases that begin with it and a dash. Measure in
        release: swift run -c release bench <case>...

        Exit code 0: every budget is met. 1: one is missed, or a case could not be measured.
        2: wrongly called.

        LOCAL_RUNNER may name another build of ours to measure, and BENCH_RECIPIENTS how many people
        the campaign of `pacing` writes to (2500).
        """

    /// Reads the arguments after the program's name.
    package init(parsing arguments: [String], known: [String]) throws(Failure) {
        var cases: [String] = []
        var runs: Int?
        var isSmoke = false
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
            case "--runs": runs = try Self.runs(rest.popFirst())
            case "all": cases += known
            default: cases += try Self.cases(argument, known)
            }
        }
        if isSmoke, cases.isEmpty { cases = known }
        guard !cases.isEmpty else { throw Failure("name a case") }
        self = .measure(cases: cases, plan: isSmoke ? .smoke : .full(runs: runs ?? 5))
    }

    /// A case of that name, or else all cases whose names begin with it.
    private static func cases(_ name: String, _ known: [String]) throws(Failure) -> [String] {
        if known.contains(name) { return [name] }
        let group = known.filter { $0.hasPrefix("\(name)-") }
        guard !group.isEmpty else { throw Failure("there is no case or option \(name)") }
        return group
    }

    private static func runs(_ text: String?) throws(Failure) -> Int {
        guard let runs = text.flatMap({ Int($0) }), 1...1000 ~= runs else {
            throw Failure("--runs takes a number from 1 to 1000")
        }
        return runs
    }
}
