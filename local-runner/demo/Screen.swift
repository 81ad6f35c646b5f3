import FunctionRuntime

/// A progress line: redrawn in place on a terminal, printed now and then elsewhere.
final class Screen {
    private static let period: Duration = .seconds(2)

    private let redraws: Bool
    private let hasColour: Bool
    private var last: ContinuousClock.Instant?
    private var pending: String?

    init(_ environment: Environment) {
        redraws = Descriptor.standardOutput.isTerminal && environment["TERM"] != "dumb"
        hasColour = redraws && environment["NO_COLOR"] == nil
    }

    func say(_ text: String) {
        write(text + "\n")
    }

    func progress(_ line: String) {
        // The terminal cuts off a long line, because a wrapped line could not be redrawn.
        if redraws { return write("\r\u{1B}[2K\u{1B}[?7l\(line)\u{1B}[?7h") }
        pending = line
        if let last, last.duration(to: .now) < Self.period { return }
        showPending()
    }

    func endProgress() {
        if redraws { return say("") }
        showPending()
    }

    /// Prints the result: success, or the problems.
    func conclude(_ problems: [String]) {
        if problems.isEmpty {
            say(paint("What is recorded is what went out, and nothing went out twice.", "32"))
        }
        for problem in problems { say(paint(problem, "31")) }
    }

    private func showPending() {
        guard let pending else { return }
        say(pending)
        self.pending = nil
        last = .now
    }

    private func paint(_ text: String, _ colour: String) -> String {
        hasColour ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
    }

    private func write(_ text: String) {
        Descriptor.standardOutput.writeIgnoringErrors(Array(text.utf8))
    }
}
