internal import CUV
private import Glibc

/// The path of a Unix socket in the file system.
package struct SocketFile: Equatable, Sendable {
    package let path: String

    /// The kernel stores at most 107 bytes and a NUL.
    package static let longestPath = 107

    package init(_ path: String) {
        self.path = path
    }

    /// Removes a socket file on which no process listens. Throws "address in use" when a process
    /// listens on it, or when the file is not a socket.
    func clear(for operation: String) throws(UVError) {
        guard !path.isEmpty, path.utf8.count <= Self.longestPath else {
            throw UVError(code: UV_ENAMETOOLONG.rawValue, operation: operation)
        }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK, !isAnswered else {
            throw UVError(code: UV_EADDRINUSE.rawValue, operation: operation)
        }
        unsafe unlink(path)
    }

    /// Whether a process listens on the socket. Only a refused connection proves that none does.
    private var isAnswered: Bool {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let probe = socket(AF_UNIX, CInt(kind), 0)
        guard probe >= 0 else { return true }
        defer { close(probe) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(probe, $0, size)
            }
        }
        return result == 0 || errno != ECONNREFUSED
    }
}
