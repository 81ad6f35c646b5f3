import Glibc

/// What every socket of a test has in common: 127.0.0.1, and a deadline for whatever it does.
enum Loopback {
    static let socketKind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

    static func setDeadline(of descriptor: CInt) {
        var deadline = timeval(tv_sec: 120, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &deadline, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &deadline, size)
    }

    static func withAddress<Result>(
        port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
