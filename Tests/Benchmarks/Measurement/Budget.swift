/// What a case promises: so many times a peer, and no worse than a limit in its own unit.
package struct Budget: Equatable, Sendable {
    package struct Ratio: Equatable, Sendable {
        package let peer: String
        package let minimum: Double
    }

    package let ratios: [Ratio]
    package let limit: Double?

    package init(ratios: KeyValuePairs<String, Double> = [:], limit: Double? = nil) {
        self.ratios = ratios.map { Ratio(peer: $0.key, minimum: $0.value) }
        self.limit = limit
    }

    /// Whether all that was measured keeps the promise; a peer that is missing cannot break it.
    package func isMet(ours: Double, peers: [Measured], direction: Direction) -> Bool {
        let ratiosHold = ratios.allSatisfy { ratio in
            guard let peer = peers.first(where: { $0.name == ratio.peer }) else { return true }
            return direction.ratio(ours: ours, peer: peer.value) >= ratio.minimum
        }
        return ratiosHold && limit.map { direction.isWithin($0, ours) } ?? true
    }
}

extension Budget {
    /// The promise as a person reads it.
    package func words(unit: String, direction: Direction) -> String {
        let comparison = direction == .higherIsBetter ? "≥" : "≤"
        let bound = limit.map { ["\(comparison) \(figure($0)) \(unit)"] } ?? []
        let floors = ratios.map { "≥ \(figure($0.minimum)) × \($0.peer)" }
        return (bound + floors).joined(separator: ", ")
    }
}
