import FunctionContract
import FunctionRuntime
import Glibc

/// Runs the command line, then ends the process with its exit code.
package func runLocalRunner() -> Never {
    // A function may die while we write to it. Without this line, SIGPIPE would end the runner.
    signal(SIGPIPE, SIG_IGN)
    raiseDescriptorLimit()
    exit(CommandLineRun.run(Array(CommandLine.arguments.dropFirst()), .process))
}

private enum CommandLineRun {
    static func run(_ words: [String], _ environment: Environment) -> Int32 {
        do {
            return try dispatch(words, environment)
        } catch let error as UsageError {
            return complain(error.description, code: 2)
        } catch {
            return complain(String(describing: error), code: 1)
        }
    }

    private static func dispatch(_ words: [String], _ environment: Environment) throws -> Int32 {
        guard let name = words.first, !["--help", "-h", "help"].contains(name) else {
            return print(Command.overview, code: words.isEmpty ? 2 : 0)
        }
        if name == "--version" { return print("local-runner \(productVersion)\n", code: 0) }
        guard let command = Command.all.first(where: { $0.name == name }) else {
            let names = Command.all.map(\.name).joined(separator: ", ")
            throw UsageError("no command \"\(name)\"; there are \(names) (try --help)")
        }
        let rest = Array(words.dropFirst())
        if rest.contains("--help") || rest.contains("-h") { return print(command.help, code: 0) }
        return try command.run(try Arguments(rest, for: command), environment)
    }

    private static func print(_ text: String, code: Int32) -> Int32 {
        Descriptor.standardOutput.writeIgnoringErrors(Array(text.utf8))
        return code
    }

    private static func complain(_ problem: String, code: Int32) -> Int32 {
        Descriptor.standardError.writeIgnoringErrors(Array("local-runner: \(problem)\n".utf8))
        return code
    }
}
