internal import Database

/// How much of a day's allowance is used.
package struct Usage: Sendable, Equatable {
    package let used: Int
    package let cap: Int

    package init(used: Int, cap: Int) {
        precondition(used >= 0 && cap >= 0, "a use and a cap are counts")
        self.used = used
        self.cap = cap
    }

    package enum Level: String, Sendable {
        case ok, attention, danger, blocked
    }

    /// Ok up to 75 % of the cap, attention up to 90 %, danger up to 100 %, then blocked. A cap of
    /// zero is always blocked.
    package var level: Level {
        if cap == 0 { return .blocked }
        return switch used * 100 {
        case ...(cap * 75): .ok
        case ...(cap * 90): .attention
        case ...(cap * 100): .danger
        default: .blocked
        }
    }

    /// How many more conversations fit when each causes `interactionRate` further messages.
    package func remainingCapacity(interactionRate: Double = 0) -> Int {
        precondition(interactionRate >= 0, "an interaction rate is not negative")
        return Int(max(0, Double(cap - used) / (1 + interactionRate)))
    }
}

/// The result of taking from a counter.
package struct Allotment: Sendable, Equatable {
    package let granted: Int
    /// The day that it counts for, as `2026-11-20`.
    package let day: String
    package let usage: Usage
}

extension Allotment {
    init(_ row: Row) throws(DatabaseError) {
        granted = try row.get("granted")
        day = try row.get("day")
        usage = try Usage(row)
    }
}

extension Usage {
    init(_ row: Row) throws(DatabaseError) {
        self.init(used: try row.get("used"), cap: try row.get("cap"))
    }
}
