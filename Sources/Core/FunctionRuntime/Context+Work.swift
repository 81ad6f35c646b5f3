private import Glibc

extension Context {
    /// This process, as operators read it beside what it has in hand: `verify-numbers 4711@host`.
    package var worker: String {
        let program = CommandLine.arguments.first.flatMap { $0.split(separator: "/").last }
        return "\(program ?? "function") \(getpid())@\(Self.host)"
    }

    /// When the host stops waiting, by the clock of this process.
    package var end: ContinuousClock.Instant { .now + remaining }

    /// Says what could not be done: the first problems in full, of the others how many.
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
