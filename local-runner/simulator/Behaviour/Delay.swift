import Glibc

/// A duration or its distribution, in milliseconds.
enum Delay: Equatable, Sendable {
    case fixed(Int)
    case uniform(ClosedRange<Int>)
    /// Half of the samples are below the median; `limit` cuts the tail.
    case lognormal(median: Int, sigma: Double, limit: Int)

    /// An hour. No simulation needs a longer delay.
    static let longest = 3_600_000

    func milliseconds(_ draw: Draw, _ question: Draw.Question) -> Int {
        switch self {
        case .fixed(let value): return value
        case .uniform(let range):
            return range.lowerBound + draw.index(question, below: range.count)
        case .lognormal(let median, let sigma, let limit):
            let sample = Double(median) * exp(sigma * draw.normal(question))
            return Int(min(sample.rounded(), Double(limit)))
        }
    }
}
