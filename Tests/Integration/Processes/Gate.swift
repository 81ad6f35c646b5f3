import Glibc

/// The writing end of a named pipe: holds whoever reads from it until the test lets go.
final class Gate {
    private var descriptor: CInt

    /// Waits until somebody reads at `path`.
    init(at path: String) throws {
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCallFailed("open \(path)") }
    }

    deinit { open() }

    func open() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
