package import FunctionContract
internal import Database
internal import Work

/// Looks at the platform as often as it is asked, over one connection.
package struct HealthWatch {
    private let started: Timestamp
    private let connection: Connection?

    /// A look must not take longer than whoever asks is ready to wait.
    private static let patience = Duration.seconds(3)

    package init(_ environment: [String: String], now: Timestamp) {
        let platformStart = environment["RELAIS_STARTED_AT"]
        started = platformStart.flatMap(Timestamp.init(rfc3339:)) ?? now
        connection = environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : Connection($0) }
    }

    package func report(
        now: Timestamp,
        within remaining: Duration
    ) -> HealthReport {
        HealthReport(started: started, now: now, database: look(within: remaining))
    }

    private func look(within remaining: Duration) -> HealthReport.Reach {
        guard let connection else { return .notConfigured }
        connection.deadline = .now + min(remaining, Self.patience)
        do throws(DatabaseError) {
            return .reached(try PlatformHealth(of: connection))
        } catch {
            return .outOfReach(
                error.code == .invalidStatement
                    ? "\(error.message): run `local-runner migrate`" : error.message
            )
        }
    }
}
