private import Glibc

extension Context {
    /// The name of this process, shown to operators with its tasks: `verify-numbers 4711@host`.
    package var worker: String {
        let program = CommandLine.arguments.first.flatMap { $0.split(separator: "/").last }
        return "\(program ?? "function") \(getpid())@\(Self.host)"
    }

    /// The deadline, by the monotonic clock of this process.
    package var end: ContinuousClock.Instant { .now + remaining }

    /// Logs the first problems in full, and only the number of the others.
    package func warn(_ problems: [String]) {
        for problem in problems.prefix(Self.problemLimit) { log.warning(problem) }
        let others = problems.count - Self.problemLimit
        if others > 0 { log.warning("\(others) problems more") }
    }

    private static let problemLimit = 20

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "?" }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }
}
