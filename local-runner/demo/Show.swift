import Database
import Glibc

/// Watches the campaign to its end and shows its progress.
final class Show {
    /// The campaign is over after this time without a change, if no work is pending.
    private static let quiet: Duration = .seconds(2)
    /// The demo gives up after this time without a change.
    private static let patience: Duration = .seconds(45)
    /// The same limit during retries. A provider's error may ask for a pause of a minute, and a
    /// schedule that runs every minute ends it.
    private static let patienceWithRetries: Duration = .seconds(150)
    private static let pause: useconds_t = 250_000

    private let cast: Cast
    private let simulator: Simulator
    private let screen: Screen
    private let start = ContinuousClock.now
    private var changed: ContinuousClock.Instant
    private var pace = Pace()
    private var figures = Figures()

    init(_ cast: Cast, _ simulator: Simulator, _ screen: Screen) {
        self.cast = cast
        self.simulator = simulator
        self.screen = screen
        changed = start
    }

    /// The time from the start to the last change.
    var elapsed: Duration { start.duration(to: changed) }

    /// Returns the final figures.
    func run() throws -> Figures {
        while try !isOver() {
            usleep(Self.pause)
            try look()
        }
        screen.endProgress()
        return figures
    }

    private func look() throws(DatabaseError) {
        let latest = try Figures(of: cast)
        let now = ContinuousClock.now
        if latest != figures { (figures, changed) = (latest, now) }
        pace.add(figures.sent, at: now)
        screen.progress(figures.line(after: start.duration(to: now), pace))
    }

    private func isOver() throws(DemoError) -> Bool {
        let idle = changed.duration(to: .now)
        let isRetrying = figures.sent > 0 && figures.queued > 0
        if idle > (isRetrying ? Self.patienceWithRetries : Self.patience) { return true }
        guard idle > Self.quiet, figures.queued == 0, figures.first.total > 0 else { return false }
        return try simulator.webhooks().outstanding == 0
    }
}

/// The recent rate of messages a second.
struct Pace {
    private static let span: Duration = .seconds(2)

    private var samples: [(sent: Int, at: ContinuousClock.Instant)] = []

    mutating func add(_ sent: Int, at now: ContinuousClock.Instant) {
        samples.removeAll { $0.at.duration(to: now) > Self.span }
        samples.append((sent, now))
    }

    var perSecond: Double {
        guard let first = samples.first, let last = samples.last else { return 0 }
        let seconds = first.at.duration(to: last.at) / .seconds(1)
        return seconds > 0 ? Double(last.sent - first.sent) / seconds : 0
    }
}

extension Figures {
    /// The progress line.
    func line(after elapsed: Duration, _ pace: Pace) -> String {
        let rate = pace.perSecond
        var parts = [
            "\(Int(elapsed / .seconds(1))) s", "queued \(queued)",
            "sent \(first.sent) (\(Int(rate.rounded()))/s)", "delivered \(first.delivered)",
            "read \(first.read)", "replied \(replied)", "Message 2 \(second.sent)",
        ]
        if failed > 0 { parts.append("failed \(failed)\(codes)") }
        if unknown > 0 { parts.append("unknown \(unknown)") }
        if first.queued > 0, rate >= 1 {
            parts.append("\(Int((Double(first.queued) / rate).rounded(.up))) s left")
        }
        return parts.joined(separator: "  ")
    }

    /// The reasons for failures, as the providers' codes. Sentences would not fit into the line.
    private var codes: String {
        let codes = failures.keys.sorted().compactMap { reason in
            reason.split(separator: ":").first.flatMap { $0.contains(" ") ? nil : $0 }
        }
        return codes.isEmpty ? "" : " (\(codes.joined(separator: ", ")))"
    }
}
