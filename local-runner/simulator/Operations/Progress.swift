import EventLoop
import FunctionContract
import FunctionRuntime

/// The output on stderr: readable lines on a terminal, JSON lines elsewhere.
final class Progress {
    private let simulator: Simulator
    private let isQuiet: Bool
    private let isForPeople: Bool
    private let hasColour: Bool
    private var timer: Timer?
    private var last = Figures()

    /// The counts so far.
    private struct Figures: Equatable {
        var sends = 0
        var taken = 0
        var posted = 0
        var delivered = 0
    }

    init(
        of simulator: Simulator,
        isQuiet: Bool,
        environment: Environment = .process
    ) throws(UVError) {
        self.simulator = simulator
        self.isQuiet = isQuiet
        isForPeople = Descriptor.standardError.isTerminal
        hasColour =
            isForPeople && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
        guard !isQuiet else { return }
        timer = try Timer(on: simulator.loop) { [unowned self] in report() }
        timer?.keepsLoopAlive = false
        timer?.start(after: Self.periodMilliseconds, repeating: Self.periodMilliseconds)
    }

    /// Prints the address of the simulator, always as JSON, because programs wait for this line.
    func announce(port: UInt16, seed: UInt64, scenario: String) {
        write([
            ("event", "listening"), ("port", .integer(Int(port))),
            ("seed", .string(String(seed))), ("scenario", .string(scenario)),
        ])
    }

    /// Prints the final counts.
    func conclude() {
        timer?.close()
        let figures = figures
        guard !isQuiet else { return }
        write(members("stopped", figures))
    }

    private static let periodMilliseconds: UInt64 = 1000

    private var figures: Figures {
        let counters = simulator.dispatcher?.counters ?? WebhookDispatcher.Counters()
        return Figures(
            sends: simulator.ledger.counts.received,
            taken: simulator.ledger.counts.taken,
            posted: counters.posted,
            delivered: counters.delivered
        )
    }

    private func report() {
        let figures = figures
        guard figures != last else { return }
        let rate = max(0, figures.sends - last.sends)
        last = figures
        guard isForPeople else { return write(members("progress", figures)) }
        let text =
            "\(bold(String(figures.sends))) sends (\(rate)/s), \(figures.taken) taken,"
            + " \(figures.delivered) of \(figures.posted) webhooks delivered\n"
        Descriptor.standardError.writeIgnoringErrors(Array(text.utf8))
    }

    private func members(_ event: String, _ figures: Figures) -> [(String, JSON)] {
        [
            ("event", .string(event)), ("sends", .integer(figures.sends)),
            ("taken", .integer(figures.taken)), ("webhooks", .integer(figures.posted)),
            ("delivered", .integer(figures.delivered)),
        ]
    }

    private func bold(_ text: String) -> String {
        hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    private func write(_ members: [(String, JSON)]) {
        let line = JSON.object(JSONObject(members.map { (name: $0.0, value: $0.1) }))
        Descriptor.standardError.writeIgnoringErrors(line.bytes + [UInt8(ascii: "\n")])
    }
}
