internal import CUV
private import Glibc

/// The numeric address and port of the remote side of a connection.
package struct PeerAddress: Equatable, Sendable {
    /// Dotted IPv4 or IPv6 text. An IPv4 client of an IPv6 listener has its IPv4 address.
    package let host: String
    /// The remote port.
    package let port: UInt16

    /// Creates an address from known parts.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

extension PeerAddress {
    typealias NameQuery = (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<CInt>) -> CInt

    /// Asks libuv for the local or remote address of a socket; nil when it no longer has one.
    init?(_ query: NameQuery) {
        var storage = sockaddr_storage()
        var size = CInt(MemoryLayout<sockaddr_storage>.size)
        let address = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            let raw = UnsafeMutableRawPointer(storage)
            let name = unsafe raw.assumingMemoryBound(to: sockaddr.self)
            guard unsafe query(name, &size) == 0 else { return PeerAddress?.none }
            return unsafe PeerAddress(name)
        }
        guard let address else { return nil }
        self = address
    }

    private init?(_ address: UnsafeMutablePointer<sockaddr>) {
        let raw = UnsafeMutableRawPointer(address)
        let port: in_port_t
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET: unsafe port = raw.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_port
        case AF_INET6:
            unsafe port = raw.assumingMemoryBound(to: sockaddr_in6.self).pointee.sin6_port
        default: return nil
        }
        let capacity = Int(INET6_ADDRSTRLEN)
        let host = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) {
            text in
            let result = unsafe uv_ip_name(address, text.baseAddress!, capacity)
            return unsafe result == 0 ? String(cString: text.baseAddress!) : nil
        }
        guard let host else { return nil }
        let mapped = "::ffff:"
        let isMapped = host.hasPrefix(mapped) && host.contains(".")
        self.init(
            host: isMapped ? String(host.dropFirst(mapped.count)) : host,
            port: UInt16(bigEndian: port)
        )
    }
}

/// A numeric address for libuv. The text must be IPv4 or IPv6.
@safe struct SocketAddress {
    private var storage = sockaddr_storage()

    init(host: String, port: UInt16) throws(UVError) {
        var storage = sockaddr_storage()
        let result = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            let raw = UnsafeMutableRawPointer(storage)
            let four = unsafe raw.assumingMemoryBound(to: sockaddr_in.self)
            if unsafe uv_ip4_addr(host, Int32(port), four) == 0 { return CInt(0) }
            let six = unsafe raw.assumingMemoryBound(to: sockaddr_in6.self)
            return unsafe uv_ip6_addr(host, Int32(port), six)
        }
        try UVError.check(result, "use \"\(host)\" as an IPv4 or IPv6 address")
        self.storage = storage
    }

    func withSockaddr(_ body: (UnsafePointer<sockaddr>) -> CInt) -> CInt {
        unsafe withUnsafePointer(to: storage) { storage in
            let raw = unsafe UnsafeRawPointer(storage)
            return unsafe body(raw.assumingMemoryBound(to: sockaddr.self))
        }
    }
}
