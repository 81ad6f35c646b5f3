import Database
import Synchronization
import Testing

/// A database that threads connect to, each as it is meant for them.
protocol SharedDatabase: Sendable {
    func connect() -> Connection
}

extension PlatformDatabase: SharedDatabase {}
extension WorkDatabase: SharedDatabase {}
extension MessagingDatabase: SharedDatabase {}

/// Runs `body` on so many threads at once, each with a connection of its own, and waits for all. An
/// error in one is an issue of the test.
func runTogether(
    _ count: Int,
    on database: some SharedDatabase,
    _ body: @escaping @Sendable (Int, Connection) throws -> Void
) {
    let together = Rendezvous(count)
    let errors = Mutex<[any Error]>([])
    let threads = (0..<count).map { number in
        BackgroundThread {
            together.arrive()
            do {
                try body(number, database.connect())
            } catch {
                errors.withLock { $0.append(error) }
            }
        }
    }
    for thread in threads { thread.join() }
    // Only the test's own thread knows the test.
    for error in errors.withLock({ $0 }) { Issue.record(error) }
}
