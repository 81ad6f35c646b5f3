package import Database
package import FunctionContract

/// The tasks that a worker holds, and how long they may take.
package final class TaskHold {
    /// The time at which the work must have ended.
    package let end: ContinuousClock.Instant
    private let tasks: Tasks
    private let lease: Duration
    private var leases: [ClaimedTask.Lease]
    private var nextExtension: ContinuousClock.Instant
    /// Tasks that another worker holds by now: work on them must stop.
    package private(set) var lost: Set<UUID> = []

    init(
        _ leases: [ClaimedTask.Lease],
        _ tasks: Tasks,
        for lease: Duration,
        until end: ContinuousClock.Instant
    ) {
        self.leases = leases
        self.tasks = tasks
        self.lease = lease
        self.end = end
        nextExtension = .now + lease / Self.share
    }

    /// Call this between the steps of work that takes longer than its lease. It queries the
    /// database only after a third of the lease has passed.
    package func keep() throws(DatabaseError) {
        guard .now >= nextExtension else { return }
        try extend()
    }

    /// Extends the leases of all tasks, counted from now.
    package func extend() throws(DatabaseError) {
        lost.formUnion(try tasks.extend(leases, by: lease))
        leases.removeAll { lost.contains($0.id) }
        nextExtension = .now + lease / Self.share
    }

    private static let share = 3
}

@available(*, unavailable) extension TaskHold: Sendable {}
