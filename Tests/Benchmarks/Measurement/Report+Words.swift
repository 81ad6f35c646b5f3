extension Report {
    /// The median, then each ratio; the promise stands in brackets behind what it is about.
    package var words: String {
        let comparison = direction == .higherIsBetter ? "≥" : "≤"
        let limit = budget.limit.map { " (\(comparison) \(figure($0)))" } ?? ""
        let ratios = peers.map { peer in
            let floor = budget.ratios.first { $0.peer == peer.name }
            let promise = floor.map { " (≥ \(figure($0.minimum)))" } ?? ""
            return "\(figure(ratio(to: peer))) × \(peer.name)\(promise)"
        }
        let absent = missing.isEmpty ? [] : ["without \(missing.joined(separator: ", "))"]
        return (["\(figure(ours)) \(unit)\(limit)"] + ratios + absent).joined(separator: "   ")
    }
}
