/// How much to measure.
package struct Plan: Equatable, Sendable {
    package let runs: Int
    package let seconds: Double
    package let warmupSeconds: Double
    package let connections: Int
    package let isSmoke: Bool

    /// Enough for a figure that can be quoted.
    package static func full(runs: Int = 5) -> Plan {
        Plan(runs: runs, seconds: 3, warmupSeconds: 0.3, connections: 64, isSmoke: false)
    }

    /// Just enough to prove that the case still works.
    package static let smoke = Plan(
        runs: 1,
        seconds: 0.2,
        warmupSeconds: 0,
        connections: 8,
        isSmoke: true
    )
}
