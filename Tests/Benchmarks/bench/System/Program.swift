import Measurement

/// A program that runs to its end and whose output is then read. It is ended with this value.
final class Program {
    private var process: Subprocess
    private let name: String
    private let folder: TemporaryFolder

    init(_ command: Command) throws(Failure) {
        let folder = try TemporaryFolder()
        self.process = try Subprocess(
            command,
            output: "\(folder.path)/output",
            errors: "\(folder.path)/errors"
        )
        self.name = String(command.program.split(separator: "/").last ?? "")
        self.folder = folder
    }

    /// What it printed, once it has ended; a status other than 0 is a failure, in its own words.
    func output(within limit: Duration) throws(Failure) -> String {
        let hasSucceeded = try process.succeeds(within: limit)
        let output = try text("output")
        guard hasSucceeded else {
            throw Failure("\(name) failed: \(try text("errors"))\(output)")
        }
        return output
    }

    private func text(_ file: String) throws(Failure) -> String {
        String(decoding: try contents(of: "\(folder.path)/\(file)"), as: UTF8.self)
    }
}

extension Command {
    /// Runs it to its end and returns what it printed.
    func output(within limit: Duration) throws(Failure) -> String {
        try Program(self).output(within: limit)
    }

    /// Runs it so many times at once and returns what each printed.
    func outputs(of count: Int, within limit: Duration) throws(Failure) -> [String] {
        var programs: [Program] = []
        for _ in 0..<count { programs.append(try Program(self)) }
        return try programs.map { (program) throws(Failure) in try program.output(within: limit) }
    }

    /// How long it runs, from its start to its end.
    func time(within limit: Duration) throws(Failure) -> Duration {
        let started = ContinuousClock.now
        _ = try output(within: limit)
        return .now - started
    }
}
