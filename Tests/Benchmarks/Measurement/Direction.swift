/// Which of two values of a case is the better one.
package enum Direction: Equatable, Sendable {
    case higherIsBetter
    case lowerIsBetter

    /// How many times better ours is: more than 1 always means that ours wins.
    package func ratio(ours: Double, peer: Double) -> Double {
        switch self {
        case .higherIsBetter: ours / peer
        case .lowerIsBetter: peer / ours
        }
    }

    /// Whether a value is the limit or better.
    package func isWithin(_ limit: Double, _ value: Double) -> Bool {
        switch self {
        case .higherIsBetter: value >= limit
        case .lowerIsBetter: value <= limit
        }
    }
}
