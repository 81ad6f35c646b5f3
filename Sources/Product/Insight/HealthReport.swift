package import FunctionContract
internal import Work

/// The state of the platform and its database, for operators.
package struct HealthReport {
    package enum Reach {
        case notConfigured
        case reached(PlatformHealth)
        case outOfReach(String)
    }

    let database: Reach

    package init(_ database: Reach) {
        self.database = database
    }

    /// Whether the platform cannot work at all.
    package var isDown: Bool {
        if case .outOfReach = database { true } else { false }
    }

    /// Descriptions of the problems that need an operator.
    package var complaints: [String] {
        switch database {
        case .notConfigured: []
        case .reached(let health): health.complaints
        case .outOfReach(let problem): ["database: \(problem)"]
        }
    }

    package var json: JSON {
        [
            "status": isDown ? "down" : complaints.isEmpty ? "ok" : "degraded",
            "database": databaseJSON,
            "complaints": .array(complaints.map { .string($0) }),
        ]
    }

    private var databaseJSON: JSON {
        switch database {
        case .notConfigured: ["status": "not configured"]
        case .outOfReach: ["status": "out of reach"]
        case .reached(let health):
            [
                "status": "reached", "version": .string(health.serverVersion),
                "deadLetters": .integer(health.deadLetters),
                "scheduleLagSeconds": health.scheduleLag
                    .map { .integer(Int($0.components.seconds)) } ?? .null,
                "queues": .array(health.queues.map(\.json)),
            ]
        }
    }
}

extension QueueStatistics {
    fileprivate var json: JSON {
        let age = oldestReadyAge.map { JSON.integer(Int($0.components.seconds)) }
        return [
            "queue": .string(queue), "ready": .integer(ready), "leased": .integer(leased),
            "waiting": .integer(waiting), "dead": .integer(dead),
            "oldestReadySeconds": age ?? .null,
        ]
    }
}
