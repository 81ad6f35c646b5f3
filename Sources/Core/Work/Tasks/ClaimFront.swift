internal import Database
internal import FunctionContract

/// Where a claimer looks for its next tasks: in line or by turns.
///
/// In line is the order of the index `task_claim`, from where the last claim ended. A finished task
/// leaves a dead index entry, which no vacuum may remove while an older transaction is open
/// anywhere. A claim from the very start would step over all of them, every time.
///
/// By turns is from the start of every tenant, one after the other, each with the same share. Such
/// a look finds the tenant who waits behind another's flood. It also finds tasks that were
/// committed late, given back, or left by a process that died.
///
/// A look by turns may cost one fiftieth of the time. Where tasks take long it is nearly every
/// claim; where they take microseconds the line is followed. The front is only a hint: a claimer
/// without one, or with a wrong one, finds tasks later.
package struct ClaimFront: Sendable {
    /// A place in the index `task_claim`, within a queue.
    struct Position: Sendable, Equatable {
        var priority: Int32
        var runAt: Timestamp
        var id: UUID
    }

    enum Search: Sendable, Equatable {
        /// From these places on, one for each priority.
        case line([Position])
        /// From the tenant that follows this one.
        case turns(after: UUID)

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

    package init() { self.init(after: Self.anyTenant()) }

    /// Turns begin with the tenant that follows `tenant`. Between two looks passes `lookShare`
    /// times as long as one took.
    init(after tenant: UUID, lookShare: Int = 50) {
        self.tenant = tenant
        self.lookShare = lookShare
    }

    /// The next claim is by turns.
    mutating func lookNext() { nextLook = nil }

    /// Where a claim that begins now looks.
    func search(at now: ContinuousClock.Instant) -> Search {
        isLookDue(at: now) ? .turns(after: tenant) : .line(positions)
    }

    /// Notes what a claim found. `serverTime` is when it ran.
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
            nextLook = ended + (ended - began) * lookShare
            if let last = found.tenants.last { tenant = last }
            if found.isFull { join(found) } else { follow(found, serverTime) }
        }
    }

    /// The line goes on behind what was found.
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

    /// The line goes on with the first task that a look found, where every tenant was asked. Else
    /// it only goes back to it: tenants who were not asked may have older tasks.
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

    /// A tenant's id begins with the time of its making: any moment up to now may be the first.
    private static func anyTenant() -> UUID {
        let milliseconds = UInt64(max(1, Timestamp.now.microseconds / 1000))
        return UUID(high: UInt64.random(in: 0...milliseconds) << 16, low: 0)
    }

    /// Tasks enqueued now are committed a moment later. A front that were closer to the present
    /// would pass them by.
    private static let lag = Duration.milliseconds(100)
    private static let firstID = UUID(high: 0, low: 0)
}

extension ClaimFront {
    /// What a claim found, in the order in which it looked.
    struct Found: Sendable, Equatable {
        var positions: [Position] = []
        /// The tenants who had a turn, in order.
        var tenants: [UUID] = []
        /// Every tenant with something due had a turn.
        var isLap = false
        /// There may be more: claim again at once.
        var isFull = false
    }
}
