import Glibc

/// How long each test ran, without its waiting for a thread: `infra/test` prints the slowest.
enum TestTimes {
    /// The file to which lines are added: milliseconds, a space, the test.
    private static let path = unsafe getenv("TEST_TIMES").map { unsafe String(cString: $0) }

    static func add(_ test: String, _ time: Duration) {
        guard let path else { return }
        let file = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return }
        defer { close(file) }
        let line = Array("\(Int(time / .milliseconds(1))) \(test)\n".utf8)
        _ = unsafe write(file, line, line.count)
    }
}
