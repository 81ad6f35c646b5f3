/// A contender and the median of its samples.
package struct Measured: Equatable, Sendable {
    package let name: String
    package let value: Double

    package init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}

/// What a case came to; one JSON line.
package struct Report: Equatable, Sendable {
    package let name: String
    package let unit: String
    package let direction: Direction
    package let ours: Double
    package let variants: [Measured]
    package let peers: [Measured]
    package let budget: Budget
    package let missing: [String]
    package let runs: Int
    package let machine: String

    /// Whether the budget holds against every peer that was measured.
    package var isMet: Bool {
        budget.isMet(ours: ours, peers: peers, direction: direction)
    }

    package var jsonLine: String {
        var members: [JSONValue.Member] = [
            .init("case", .string(name)),
            .init("unit", .string(unit)),
            .init("ours", .number(ours)),
        ]
        members += variants.map { .init($0.name, .number($0.value)) }
        members += [
            .init("peers", .object(peers.map { .init($0.name, .number($0.value)) })),
            .init("ratios", .object(peers.map { .init($0.name, .number(ratio(to: $0))) })),
            .init("budget", .object(budget.ratios.map { .init($0.peer, .number($0.minimum)) })),
        ]
        if let limit = budget.limit { members.append(.init("limit", .number(limit))) }
        members += [
            .init("met", .boolean(isMet)),
            .init("missing", .array(missing.map(JSONValue.string))),
            .init("runs", .number(Double(runs))),
            .init("machine", .string(machine)),
        ]
        return JSONValue.object(members).text
    }

    func ratio(to peer: Measured) -> Double {
        direction.ratio(ours: ours, peer: peer.value)
    }
}
