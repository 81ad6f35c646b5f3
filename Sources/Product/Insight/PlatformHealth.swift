package import Database
package import Work

/// The state of the platform, read from its database.
package struct PlatformHealth: Sendable, Equatable {
    package let serverVersion: String
    /// Whether row-level security applies to the login that functions use.
    package let isIsolated: Bool
    package let queues: [QueueStatistics]
    /// The time since a runner last followed any schedule; nil when none ever did.
    package let scheduleLag: Duration?
    package let deadLetters: Int

    /// Problems for an operator, as text; empty when all is well.
    package var complaints: [String] {
        var complaints: [String] = []
        if !isIsolated {
            complaints.append(
                "the login of DATABASE_URL passes row-level security by: use a member of"
                    + " relais_function that owns no table"
            )
        }
        for queue in queues {
            if let age = queue.oldestReadyAge, age > Self.patience {
                let seconds = age.components.seconds
                complaints.append("queue \(queue.queue): work has waited for \(seconds) s")
            }
        }
        for queue in queues where queue.failing > 0 {
            let tasks = queue.failing == 1 ? "1 task fails" : "\(queue.failing) tasks fail"
            let error = queue.failure.map { ", as with: \($0)" } ?? ""
            complaints.append("queue \(queue.queue): \(tasks) again and again\(error)")
        }
        if let scheduleLag, scheduleLag > Self.patience {
            let seconds = scheduleLag.components.seconds
            complaints.append("schedules are \(seconds) s behind: does a runner run?")
        }
        if deadLetters > 0 {
            let letters = deadLetters == 1 ? "1 dead letter" : "\(deadLetters) dead letters"
            complaints.append("\(letters): see `local-runner dead list`")
        }
        return complaints
    }

    /// A longer wait is reported as a problem.
    private static let patience = Duration.seconds(300)
}

extension PlatformHealth {
    /// Queries the database; throws when that fails.
    package init(of connection: Connection) throws(DatabaseError) {
        let row = try connection.platform(Self.question)[0][0]
        let queues = try Queues(connection).statistics()
        serverVersion = try row.get("version")
        isIsolated = try row.get("is_isolated")
        scheduleLag = try row.get("lag", as: Double?.self).map { .seconds($0) }
        deadLetters = queues.map(\.dead).reduce(0, +)
        self.queues = queues
    }

    private static let question = Statement(
        """
        SELECT current_setting('server_version') AS version,
            NOT (rolsuper OR rolbypassrls) AND NOT pg_has_role(
                (SELECT relowner FROM pg_class WHERE oid = 'relais.task'::regclass), 'USAGE'
            ) AS is_isolated,
            (SELECT extract(epoch FROM statement_timestamp() - max(followed_until))::float8
             FROM relais.schedule) AS lag
        FROM pg_roles WHERE rolname = current_user
        """
    )
}
