package import FunctionContract
internal import Database
internal import Work

/// Checks the health of the platform on request, over one connection.
package struct HealthWatch {
    private let connection: Connection?
    private var lastProbe: (works: Bool, at: Timestamp)?

    /// The time limit of one check, so that the caller does not wait too long.
    private static let patience = Duration.seconds(3)
    /// Anyone may call the health check at any rate. The database is queried at most once in this
    /// time.
    private static let probeMilliseconds: Int64 = 5_000

    package init(_ environment: [String: String]) {
        connection = environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : Connection($0) }
    }

    /// The full report for an operator.
    package func report(within remaining: Duration) -> HealthReport {
        guard let connection else { return HealthReport(.notConfigured) }
        connection.deadline = .now + min(remaining, Self.patience)
        do throws(DatabaseError) {
            return HealthReport(.reached(try PlatformHealth(of: connection)))
        } catch {
            return HealthReport(
                .outOfReach(
                    error.code == .invalidStatement
                        ? "\(error.message): run `local-runner migrate`" : error.message
                )
            )
        }
    }

    /// Whether the database answers and has the platform's tables. Costs at most one small query.
    package mutating func works(
        now: Timestamp,
        within remaining: Duration
    ) -> Bool {
        guard let connection else { return true }
        if let lastProbe, now.milliseconds - lastProbe.at.milliseconds < Self.probeMilliseconds {
            return lastProbe.works
        }
        connection.deadline = .now + min(remaining, Self.patience)
        let works = Self.probe(connection)
        lastProbe = (works, now)
        return works
    }

    private static func probe(_ connection: Connection) -> Bool {
        let question = Statement("SELECT to_regclass('relais.task') IS NOT NULL AS works")
        do throws(DatabaseError) {
            return try connection.query(question)[0].get("works")
        } catch {
            return false
        }
    }
}
