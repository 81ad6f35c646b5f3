import Glibc
import Measurement

/// A port of the loopback that nobody listens on now.
func freePort() throws(Failure) -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("cannot make a socket: \(lastError())") }
    defer { close(descriptor) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isNamed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            unsafe bind(descriptor, generic, length) == 0
                && getsockname(descriptor, generic, &length) == 0
        }
    }
    guard isNamed else { throw Failure("no free port: \(lastError())") }
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Waits until somebody listens on a port of the loopback.
func awaitListener(on port: Int, within limit: Duration) throws(Failure) {
    let deadline = ContinuousClock.now + limit
    while try !isListened(to: port) {
        try Interruption.check()
        guard .now < deadline else { throw Failure("nobody listens on port \(port)") }
        usleep(5000)
    }
}

private func isListened(to port: Int) throws(Failure) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("cannot make a socket: \(lastError())") }
    defer { close(descriptor) }
    var address = loopback(port: port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            unsafe connect(descriptor, generic, length) == 0
        }
    }
}

private func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
}
