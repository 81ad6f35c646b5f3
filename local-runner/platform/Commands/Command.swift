import FunctionContract
import FunctionRuntime
import Glibc

/// One command of `local-runner`: its name, its help and its code.
struct Command: Sendable {
    let name: String
    let summary: String
    /// The operands as the help shows them, such as `<function>`.
    var operands: [String] = []
    var options: [Arguments.Option] = []
    /// More help, printed below the options.
    var notes = ""
    /// Runs the command; the result is the exit code.
    let run: @Sendable (Arguments, Environment) throws -> Int32

    static let all = [
        serve, dev, invoke, event, routes, schedules, tasks, dead, migrate, workspaces, channels,
        keys, campaigns, demo,
    ]

    var help: String {
        let words = (["local-runner", name] + operands).joined(separator: " ")
        var text = "\(summary)\n\nUsage: \(words)\(options.isEmpty ? "" : " [options]")\n"
        if !options.isEmpty { text += "\n" + Self.columns(options.map { ($0.synopsis, $0.help) }) }
        if !notes.isEmpty { text += "\n\(notes)\n" }
        return text
    }

    func unknown(_ option: String) -> UsageError {
        let known = options.map { "--\($0.name)" }.joined(separator: ", ")
        return UsageError(
            "\(name): unknown option \"\(option)\""
                + (known.isEmpty ? "; it takes none" : "; known are \(known)")
        )
    }

    /// The output of `local-runner --help`.
    static var overview: String {
        """
        Relais \(productVersion): runs functions that read JSON on stdin and write JSON on stdout.

        Usage: local-runner <command> [options]

        \(columns(all.map { ($0.name, $0.summary) }))
        `local-runner <command> --help` tells more. Exit codes: 0 done, 1 failed, 2 wrongly called.

        """
    }

    static func columns(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { row in
            "  \(row.0)\(String(repeating: " ", count: width - row.0.count))  \(row.1)\n"
        }.joined()
    }
}

extension Arguments.Option {
    fileprivate var synopsis: String { "--\(name)" + (value.map { " <\($0)>" } ?? "") }

    static let functions = Self("functions", "folder", "where the functions are [functions]")
    static let binaries = Self("bin", "folder", "where their executables are [beside local-runner]")
    static let only = Self("only", "function", "this function only; may be repeated")
    static let json = Self("json", nil, "JSON instead of a table")
}

extension Catalog.Source {
    init(_ arguments: Arguments, _ environment: Environment) {
        self.init(
            functions: arguments["functions"] ?? "functions",
            binaries: arguments["bin"] ?? executableFolder(),
            only: arguments.all("only"),
            environment: environment.variables
        )
    }
}
