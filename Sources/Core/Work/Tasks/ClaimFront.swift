internal import Database
internal import FunctionContract

/// Where a worker looks for its next tasks: in line or by turns.
///
/// In line follows the order of the index `task_claim`, starting where the last claim ended. A
/// finished task leaves a dead index entry. Vacuum cannot remove it while any older transaction is
/// open. A claim from the start of the index would step over all dead entries every time.
///
/// By turns goes from tenant to tenant and claims the first due tasks of each, with equal shares.
/// It finds the tenant who waits behind another tenant's flood. It also finds tasks that were
/// committed late, released, or left by a dead process.
///
/// Claims by turns may take one fiftieth of the time. When tasks are slow, nearly every claim is by
/// turns. When they take microseconds, most claims are in line. But the pauses of a whole lap of
/// the tenants add up to one second at most, however many tenants there are. The front is only a
/// hint: without one, or with a wrong one, a worker finds tasks later.
package struct ClaimFront: Sendable {
    /// A position in the index `task_claim`, within one queue.
    struct Position: Sendable, Equatable {
        var priority: Int32
        var runAt: Timestamp
        var id: UUID
    }

    enum Search: Sendable, Equatable {
        /// Starts from these positions, one for each priority.
        case line([Position])
        /// Starts with the tenant after this one. Looks at `breadth` times as many tenants with due
        /// tasks as tasks are wanted, because rivals may hold the tasks of some.
        case turns(after: UUID, breadth: Int = 1)

        var isByTurns: Bool {
            switch self {
            case .line: false
            case .turns: true
            }
        }
    }

    private(set) var positions = NewTask.Priority.allCases.map {
        Position(priority: $0.rawValue, runAt: .distantPast, id: firstID)
    }
    private var tenant: UUID
    private let lookShare: Int
    private var nextLook: ContinuousClock.Instant?
    private var breadth = 1
    private var lap = Lap()

    /// How many tenants a lap has, as far as claims have shown.
    private struct Lap {
        private var tenants = 0
        private var lastTenants = 0

        mutating func add(_ found: Found, after previous: UUID) {
            var previous = previous
            for tenant in found.tenants {
                if tenant <= previous { (lastTenants, tenants) = (tenants, 0) }
                tenants += 1
                previous = tenant
            }
            if found.isLap { (lastTenants, tenants) = (found.tenants.count, 0) }
        }

        /// This look's part of the pauses of a lap.
        func pause(after found: Found) -> Duration {
            let size = max(tenants, lastTenants, 1)
            return .seconds(1) * max(found.tenants.count, 1) / size
        }
    }

    package init() { self.init(after: Self.anyTenant()) }

    /// Turns begin with the tenant after `tenant`. The pause between two looks by turns is
    /// `lookShare` times as long as the last look took.
    init(after tenant: UUID, lookShare: Int = 50) {
        self.tenant = tenant
        self.lookShare = lookShare
    }

    /// Makes the next claim a claim by turns.
    mutating func lookNext() { nextLook = nil }

    /// The search for a claim that begins at `now`.
    func search(at now: ContinuousClock.Instant) -> Search {
        isLookDue(at: now) ? .turns(after: tenant, breadth: breadth) : .line(positions)
    }

    /// Records the result of a claim. `serverTime` is when the claim ran.
    mutating func advance(
        by search: Search,
        over found: Found,
        serverTime: Timestamp,
        began: ContinuousClock.Instant,
        ended: ContinuousClock.Instant
    ) {
        switch search {
        case .line: follow(found, serverTime)
        case .turns:
            lap.add(found, after: tenant)
            nextLook = ended + min((ended - began) * lookShare, lap.pause(after: found))
            if let last = found.tenants.last { tenant = last }
            // Rivals hold all tasks of these tenants. The next look reaches further.
            breadth = found.positions.isEmpty && found.isFull ? breadth * Self.growth : 1
            if found.isFull { join(found) } else { follow(found, serverTime) }
        }
    }

    /// Moves the line behind the tasks that were found.
    private mutating func follow(_ found: Found, _ serverTime: Timestamp) {
        let settled = serverTime - Self.lag
        let last = found.isFull ? found.positions.last : nil
        for index in positions.indices {
            let priority = positions[index].priority
            if let last, last.priority < priority { continue }
            let isLast = last?.priority == priority
            positions[index] = Position(priority: priority, runAt: settled, id: Self.firstID)
            if isLast, let last, last.runAt < settled { positions[index] = last }
        }
    }

    /// Moves the line to the first task found by a full lap of all tenants. After a partial lap it
    /// only moves back: tenants who had no turn may have older tasks.
    private mutating func join(_ found: Found) {
        for index in positions.indices {
            let first = found.positions.filter { $0.priority == positions[index].priority }
                .min { ($0.runAt, $0.id) < ($1.runAt, $1.id) }
            guard let first else { continue }
            let place = positions[index]
            if found.isLap || (first.runAt, first.id) < (place.runAt, place.id) {
                positions[index] = first
            }
        }
    }

    private func isLookDue(at now: ContinuousClock.Instant) -> Bool {
        nextLook.map { $0 <= now } ?? true
    }

    /// A random start, so that workers begin with different tenants. A tenant's id begins with its
    /// creation time.
    private static func anyTenant() -> UUID {
        let now = max(UInt64(max(0, Timestamp.now.milliseconds)), firstTenant)
        return UUID(high: UInt64.random(in: firstTenant...now) << 16, low: 0)
    }

    /// How much further a look reaches after one that found only tasks that rivals hold.
    private static let growth = 8

    /// November 2026, in milliseconds: no tenant is older than Relais.
    private static let firstTenant: UInt64 = 1_793_491_200_000

    /// A task becomes visible a moment after it was enqueued, when its transaction commits. A front
    /// closer to the present would skip such tasks.
    private static let lag = Duration.milliseconds(100)
    private static let firstID = UUID(high: 0, low: 0)
}

extension ClaimFront {
    /// The result of a claim, in search order.
    struct Found: Sendable, Equatable {
        var positions: [Position] = []
        /// The tenants who had a turn, in order.
        var tenants: [UUID] = []
        /// Every tenant with a due task was looked at.
        var isLap = false
        /// There may be more due tasks: claim again at once.
        var isFull = false
    }
}
