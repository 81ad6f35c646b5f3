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
            say("bench: \(error.message)\n\n\(Invocation.usage)\n\n\(list(cases))")
            return 2
        }
        switch invocation {
        case .help: writeLine(Invocation.usage)
        case .list: writeLine(list(cases))
        case .measure(let names, let plan, let failsWhenUnmet):
            let chosen = cases.filter { names.contains($0.name) }
            let areMet = try measure(chosen, plan)
            return failsWhenUnmet && !areMet ? 1 : 0
        }
        return 0
    }

    /// Prints one line a case; true when every budget is met.
    private static func measure(_ cases: [Case], _ plan: Plan) throws(Failure) -> Bool {
        let cpuinfo = String(decoding: try contents(of: "/proc/cpuinfo"), as: UTF8.self)
        let machine = machineName(cpuinfo: cpuinfo)
        var areMet = true
        for each in cases {
            let report = try each.run(plan, machine: machine, progress: say)
            writeLine(report.jsonLine)
            areMet = areMet && report.isMet
        }
        return areMet
    }

    private static func list(_ cases: [Case]) -> String {
        cases.map { each in
            let budget = each.budget.words(unit: each.unit, direction: each.direction)
            return "\(each.name): \(each.summary)\n  budget: \(budget)"
        }.joined(separator: "\n")
    }
}
