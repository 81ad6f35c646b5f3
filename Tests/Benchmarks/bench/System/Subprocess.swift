import Glibc
import Measurement

/// A child process in a process group of its own. The whole group ends with this value.
struct Subprocess: ~Copyable {
    private static let graceMilliseconds = 2000
    private static let pollMilliseconds = 2

    private let identifier: pid_t
    private let endSignal: CInt
    private var isReaped = false

    /// Starts a command; what it says goes to the end of the two files. It is
    /// asked to end by `endSignal`.
    init(
        _ command: Command,
        output: String,
        errors: String,
        endSignal: CInt = SIGTERM
    ) throws(Failure) {
        self.endSignal = endSignal
        identifier = try spawn(command, output: output, errors: errors)
    }

    deinit {
        guard !isReaped else { return }
        kill(-identifier, endSignal)
        var isEnded = false
        for _ in 0..<Self.graceMilliseconds / Self.pollMilliseconds where !isEnded {
            isEnded = waitpid(identifier, nil, WNOHANG) == identifier
            if !isEnded { pause(milliseconds: Self.pollMilliseconds) }
        }
        // What the leader of the group left behind goes too.
        kill(-identifier, SIGKILL)
        if !isEnded { waitpid(identifier, nil, 0) }
    }

    /// Ends the process now.
    consuming func end() {}

    /// Waits for a process that ends by itself; true when its status is 0.
    mutating func succeeds(within limit: Duration) throws(Failure) -> Bool {
        let deadline = ContinuousClock.now + limit
        var status: CInt = 0
        while unsafe waitpid(identifier, &status, WNOHANG) != identifier {
            try Interruption.check()
            guard .now < deadline else { throw Failure("no end within \(limit)") }
            pause(milliseconds: Self.pollMilliseconds)
        }
        isReaped = true
        return status == 0
    }
}

private func pause(milliseconds: Int) {
    usleep(UInt32(milliseconds) * 1000)
}

private func spawn(_ command: Command, output: String, errors: String) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let append = O_WRONLY | O_CREAT | O_APPEND
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, command.input, O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, append, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, append, 0o600)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let words = CStrings([command.program] + command.arguments)
    let additions = command.environment.map { "\($0.key)=\($0.value)" }
    let environment = CStrings(additions + (try inheritedEnvironment()))
    var child: pid_t = 0
    let result = unsafe posix_spawn(
        &child,
        command.program,
        &actions,
        &attributes,
        words.pointers,
        environment.pointers
    )
    if result == 0 { return child }
    throw Failure("cannot start \(command.program): \(unsafe String(cString: strerror(result)))")
}

/// Read from `/proc`, because `environ` is a global variable that Swift 6 rightly distrusts.
private func inheritedEnvironment() throws(Failure) -> [String] {
    try contents(of: "/proc/self/environ").split(separator: 0).map {
        String(decoding: $0, as: UTF8.self)
    }
}
