/// How long a migration waits for a lock. While it waits, later transactions queue behind it. It
/// therefore waits briefly, gives up, and tries again after a pause.
package struct LockPatience {
    package var limit: Duration = .seconds(3)
    package var retry: Retry

    package init() {
        retry = Retry(attempts: 40)
        retry.firstPause = .seconds(1)
        retry.longestPause = .seconds(10)
    }

    /// Sets `lock_timeout` in the transaction that takes the locks.
    var setting: Statement {
        let milliseconds = Int(limit / .milliseconds(1))
        return Statement(
            "SELECT set_config('lock_timeout', $1, true)",
            .text("\(milliseconds)ms")
        )
    }

    /// Runs `body`, and repeats it while another transaction holds a lock that it needs.
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

    /// SQLSTATEs of a lock timeout and of a deadlock with the holder of the lock.
    private static let inTheWay: Set<String?> = ["55P03", "40P01"]
}
