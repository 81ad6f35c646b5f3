/// What one of several workers did, and when, in seconds of a clock that they share.
package struct Stint: Equatable, Sendable {
    package let count: Int
    package let started: Double
    package let ended: Double

    package init(count: Int, started: Double, ended: Double) {
        self.count = count
        self.started = started
        self.ended = ended
    }

    /// Reads the line that a worker prints.
    package init(parsing line: String) throws(Failure) {
        guard let count = number("count", in: line),
            let started = number("started", in: line),
            let ended = number("ended", in: line)
        else { throw Failure("a worker printed \(line.isEmpty ? "nothing" : line)") }
        self.init(count: Int(count), started: started, ended: ended)
    }
}

extension [Stint] {
    package var count: Int { reduce(0) { $0 + $1.count } }

    /// How many a second all did together, from the first start to the last end. A worker that came
    /// too late to do anything does not count.
    package var perSecond: Double {
        let busy = filter { $0.count > 0 }
        guard let started = busy.map(\.started).min(), let ended = busy.map(\.ended).max(),
            ended > started
        else { return 0 }
        return Double(count) / (ended - started)
    }
}
