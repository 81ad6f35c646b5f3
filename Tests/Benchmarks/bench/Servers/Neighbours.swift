import Measurement

/// The tenants who flood the platform beside a quiet one.
enum Neighbours {
    case none
    case one
    /// As many as a platform has; together they flood it as one would.
    case many

    func count(_ plan: Plan) -> Int {
        switch self {
        case .none: 0
        case .one: 1
        case .many: plan.isSmoke ? 20 : 500
        }
    }
}

extension Plan {
    /// How often a wait is measured; the median counts.
    var waits: Int { isSmoke ? 2 : 10 }
}
