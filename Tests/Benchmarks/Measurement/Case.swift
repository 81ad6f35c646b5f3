/// One thing worth measuring: ours, its peers and what is promised about them.
package struct Case {
    package let name: String
    package let summary: String
    package let unit: String
    package let direction: Direction
    package let budget: Budget
    package let contenders: [Contender]

    /// Makes a case; each peer of the budget must be among the contenders.
    package init(
        name: String,
        summary: String,
        unit: String,
        direction: Direction,
        budget: Budget,
        contenders: [Contender]
    ) {
        let peers = contenders.filter { $0.role == .peer || $0.role == .installedPeer }.map(\.name)
        precondition(
            budget.ratios.allSatisfy { peers.contains($0.peer) },
            "the budget of \(name) names a peer that the case does not have"
        )
        precondition(
            contenders.count { $0.role == .ours } == 1,
            "\(name) needs one contender that is ours"
        )
        self.name = name
        self.summary = summary
        self.unit = unit
        self.direction = direction
        self.budget = budget
        self.contenders = contenders
    }
}

/// Something that can be measured again and again in the unit of its case.
package struct Contender {
    /// Takes one sample: starts what it needs, measures, and ends it.
    package typealias Sample = (Plan) throws(Failure) -> Double
    /// Brings what a sample needs to this machine, unless it is there.
    package typealias Install = () throws(Failure) -> Void

    package enum Role: Equatable, Sendable {
        case ours
        /// Ours in another shape, reported beside ours and outside the budget.
        case variant
        case peer
        /// A peer that this package does not build: it may be missing; smoke runs go without.
        case installedPeer
    }

    package let name: String
    package let role: Role
    package let install: Install?
    package let sample: Sample?

    /// Makes a contender; without a sample it is one that is not installed here.
    package init(_ name: String, _ role: Role, install: Install? = nil, sample: Sample?) {
        self.name = name
        self.role = role
        self.install = install
        self.sample = sample
    }
}
