import Glibc
import Measurement

@main struct Bench {
    static func main() {
        Interruption.watch()
        do throws(Failure) {
            exit(try run(Array(CommandLine.arguments.dropFirst())))
        } catch {
            say("bench: \(error.message)")
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws(Failure) -> CInt {
        let cases = Case.all(try Installation())
        let invocation: Invocation
        do throws(Failure) {
            invocation = try Invocation(parsing: arguments, known: cases.map(\.name))
        } catch {
            say("bench: \(error.message)\n\n\(Invocation.usage)\n\n\(summaries(cases))")
            return 2
        }
        switch invocation {
        case .help: writeLine("\(Invocation.usage)\n\n\(summaries(cases))")
        case .list: writeLine(list(cases))
        case .measure(let names, let plan):
            return try measure(cases.filter { names.contains($0.name) }, plan) ? 0 : 1
        }
        return 0
    }

    /// Prints one JSON line a case, then one line a case for people; true when all went well. A case
    /// that cannot be measured keeps no other from its turn.
    private static func measure(_ cases: [Case], _ plan: Plan) throws(Failure) -> Bool {
        let cpuinfo = String(decoding: try contents(of: "/proc/cpuinfo"), as: UTF8.self)
        let machine = machineName(cpuinfo: cpuinfo)
        var outcomes: [CaseOutcome] = []
        var lines: [String] = []
        for each in cases {
            let outcome: CaseOutcome
            let words: String
            do throws(Failure) {
                let report = try each.run(plan, machine: machine, progress: say)
                writeLine(report.jsonLine)
                outcome = plan.isSmoke ? .ran : report.isMet ? .met : .missed
                words = report.words
            } catch {
                try Interruption.check()
                say("bench: \(error.message)")
                outcome = .failed
                words = error.message
            }
            outcomes.append(outcome)
            lines.append(outcome.line(each.name, words))
        }
        say("\n" + lines.joined(separator: "\n"))
        return !outcomes.contains(.missed) && !outcomes.contains(.failed)
    }

    private static func summaries(_ cases: [Case]) -> String {
        let width = cases.map(\.name.count).max() ?? 0
        return cases.map { each in
            let gap = String(repeating: " ", count: width - each.name.count)
            return "  \(each.name)\(gap)  \(each.summary)"
        }.joined(separator: "\n")
    }

    private static func list(_ cases: [Case]) -> String {
        cases.map { each in
            let budget = each.budget.words(unit: each.unit, direction: each.direction)
            return "\(each.name): \(each.summary)\n  budget: \(budget)"
        }.joined(separator: "\n")
    }
}
