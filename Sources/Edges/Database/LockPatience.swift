/// How long a migration waits for what others hold. While it waits, everybody who comes later waits
/// behind it; so it waits for a moment, gives way, and tries again after a pause.
package struct LockPatience {
    package var limit: Duration = .seconds(3)
    package var retry: Retry

    package init() {
        retry = Retry(attempts: 40)
        retry.firstPause = .seconds(1)
        retry.longestPause = .seconds(10)
    }

    /// For the transaction that takes the locks.
    var setting: Statement {
        let milliseconds = Int(limit / .milliseconds(1))
        return Statement(
            "SELECT set_config('lock_timeout', $1, true)",
            .text("\(milliseconds)ms")
        )
    }

    /// Runs `body` again for as long as a lock is in its way.
    func wait<Result>(
        on connection: Connection,
        _ body: () throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        var attempt = 1
        while true {
            do throws(DatabaseError) {
                return try body()
            } catch {
                guard Self.inTheWay.contains(error.sqlState) else { throw error }
                let pause = retry.pause(after: attempt)
                guard attempt < retry.attempts, connection.timeLeft.map({ $0 > pause }) ?? true
                else { throw error.with(.timeout, error.message + advice(attempt)) }
                retry.sleep(pause)
                attempt += 1
            }
        }
    }

    private func advice(_ attempts: Int) -> String {
        """
        . Others hold what it changes: it waited \(attempts) times for \
        \(Int(limit / .milliseconds(1))) ms and changed nothing. Look in pg_stat_activity for \
        transactions that have been open for long, then run `local-runner migrate` again
        """
    }

    /// A lock that was not to be had in time, and a deadlock with who has it.
    private static let inTheWay: Set<String?> = ["55P03", "40P01"]
}
