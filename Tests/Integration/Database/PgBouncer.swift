import Database
import FunctionContract
import Glibc

/// A PgBouncer in transaction mode, with a few servers for however many clients.
final class PgBouncer: Sendable {
    private static let program = "/usr/sbin/pgbouncer"
    static let isInstalled = unsafe access(program, X_OK) == 0

    private let folder: String
    private let shell: TetheredShell

    init(in fixture: PostgresFixture, serversPerDatabase count: Int = 2) throws {
        folder = fixture.folder + "/" + UUID.v7().description.suffix(8)
        shell = TetheredShell(Self.script, [Self.program, folder, fixture.folder, "\(count)"])
        guard shell.firstLine != nil else {
            throw PostgresFixture.Failure(description: "PgBouncer did not start")
        }
    }

    func url(database: String) -> String {
        "postgresql:///\(database)?host=\(folder)&port=6432&user=postgres"
    }

    func stop() { shell.stop() }

    /// `$1` is the program, `$2` a folder to make, `$3` the folder of the server's socket, `$4` how
    /// many servers a database gets. They take turns, and go when nobody needs them.
    private static let script = """
        trap '' INT TERM HUP
        mkdir -m 777 "$2" && cd "$2" || exit 1
        echo '"postgres" ""' >users
        cat >ini <<END
        [databases]
        * = host=$3
        [pgbouncer]
        unix_socket_dir = $2
        listen_addr =
        listen_port = 6432
        auth_type = trust
        auth_file = $2/users
        pool_mode = transaction
        default_pool_size = $4
        server_round_robin = 1
        server_idle_timeout = 2
        max_client_conn = 1000
        END
        as='setpriv --pdeathsig KILL'
        [ "$(id -u)" = 0 ] && as="$as --reuid relais --regid relais --clear-groups"
        $as "$1" -q ini >log 2>&1 </dev/null &
        server=$!
        until [ -S .s.PGSQL.6432 ]; do
            kill -0 $server 2>/dev/null || { cat log >&2; exit 1; }
            sleep 0.02
        done
        echo ready
        read -r _
        kill -KILL $server
        wait $server
        """
}
