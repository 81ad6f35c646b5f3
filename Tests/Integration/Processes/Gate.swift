import Glibc

/// A named pipe before which a process waits until the test lets it go.
final class Gate {
    /// What the process opens for reading; it reads the end once the gate is open.
    let path: String
    private var descriptor: CInt = -1

    init() throws {
        path = "/tmp/relais-gate.\(getpid()).\(UInt64.random(in: .min ... .max))"
        guard unsafe mkfifo(path, 0o600) == 0 else { throw SystemCallFailed("mkfifo \(path)") }
    }

    deinit {
        open()
        unsafe unlink(path)
    }

    /// Whether somebody waits. From the first time on the gate is held shut until it is opened.
    var hasReader: Bool {
        if descriptor < 0 {
            descriptor = unsafe Glibc.open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        }
        return descriptor >= 0
    }

    func open() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
