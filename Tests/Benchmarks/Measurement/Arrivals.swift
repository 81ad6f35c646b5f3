/// When messages came to their provider, by the provider's own ledger.
package struct Arrivals: Equatable, Sendable {
    /// In seconds, in order.
    package let times: [Double]
    /// Messages to somebody who had one already.
    package let doubles: Int
    private let firsts: [Substring: Double]

    /// Reads lines of `<microseconds> <recipient>`.
    package init(parsing ledger: String) throws(Failure) {
        var times: [Double] = []
        var firsts: [Substring: Double] = [:]
        for line in ledger.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let microseconds = Double(parts[0]) else {
                throw Failure("the provider's ledger has a line \(line)")
            }
            let time = microseconds / 1_000_000
            times.append(time)
            firsts[parts[1]] = min(time, firsts[parts[1]] ?? time)
        }
        self.times = times.sorted()
        doubles = times.count - firsts.count
        self.firsts = firsts
    }

    /// When the first message to a person came, in seconds; nil when none did.
    package func first(to recipient: String) -> Double? { firsts[Substring(recipient)] }

    /// From the first to the last.
    package var seconds: Double {
        guard let first = times.first, let last = times.last else { return 0 }
        return last - first
    }

    /// How many in a second; the first one starts the clock.
    package var perSecond: Double {
        seconds > 0 ? Double(times.count - 1) / seconds : 0
    }

    /// By how many messages the fullest window holds more than a limit without a burst allows it:
    /// one, and another for each interval that it spans.
    package func excess(overInterval interval: Double) -> Double {
        var due = -Double.infinity
        var early = 0.0
        for time in times {
            early = max(early, due - time)
            due = max(due, time) + interval
        }
        return early / interval
    }
}
