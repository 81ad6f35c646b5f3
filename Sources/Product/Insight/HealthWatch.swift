package import FunctionContract
internal import Database
internal import Work

/// Looks at the platform as often as it is asked, over one connection.
package struct HealthWatch {
    private let connection: Connection?
    private var lastProbe: (works: Bool, at: Timestamp)?

    /// A look must not take longer than whoever asks is ready to wait.
    private static let patience = Duration.seconds(3)
    /// Strangers may ask as often as they like; the database hears of them no more often than this.
    private static let probeMilliseconds: Int64 = 5_000

    package init(_ environment: [String: String]) {
        connection = environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : Connection($0) }
    }

    /// Everything that an operator should know.
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

    /// Whether the database answers and has its tables. Costs one small query, or none.
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
