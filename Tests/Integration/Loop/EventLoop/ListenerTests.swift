import EventLoop
import Glibc
import Testing

@Suite(.timeLimit(.minutes(60))) struct ListenerTests {
    @Test func saysWhichAddressIsTaken() throws {
        let loop = try EventLoop()
        let first = try Listener(on: loop, host: "127.0.0.1", port: 0) { _ in }
        let port = first.port
        let error = #expect(throws: UVError.self) {
            _ = try Listener(on: loop, host: "127.0.0.1", port: port) { _ in }
        }
        #expect(error?.isAddressInUse == true)
        #expect(error?.message.contains("127.0.0.1 port \(port)") == true)
        first.close()
        try loop.finish()
    }

    @Test(arguments: ["localhost", "1.2.3", "", "::g"])
    func refusesWhatIsNotAnAddress(_ host: String) throws {
        let loop = try EventLoop()
        let error = #expect(throws: UVError.self) {
            _ = try Listener(on: loop, host: host, port: 0) { _ in }
        }
        #expect(error?.message.contains("\"\(host)\"") == true)
    }

    @Test func showsAnIPv4ClientOfAnIPv6ListenerAsIPv4() throws {
        let loop = try EventLoop()
        var peer: PeerAddress?
        let listener = try Listener(on: loop, host: "::", port: 0) { stream in
            peer = stream.peer
            stream.close()
        }
        try Connector.connect(on: loop, host: "127.0.0.1", port: listener.port) { result in
            try? result.get().close()
        }
        try loop.wait { peer != nil }
        #expect(peer?.host == "127.0.0.1")
        listener.close()
        try loop.finish()
    }

    @Test func acceptsWhatTheKernelHasConnectedBeforeItCloses() throws {
        let loop = try EventLoop()
        var accepted = 0
        let listener = try Listener(on: loop, host: "127.0.0.1", port: 0) { stream in
            accepted += 1
            stream.close()
        }
        let clients = (0..<10).map { _ in connectBlocking(to: listener.port) }
        #expect(accepted == 0)
        listener.acceptWaiting()
        listener.close()
        #expect(accepted == 10)
        try loop.finish()
        for client in clients { Glibc.close(client) }
    }

    @Test func turnsClientsAwayWithoutSpinningWhenDescriptorsRunOut() async {
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop()
            var accepted: [Stream] = []
            let listener = try Listener(on: loop, host: "127.0.0.1", port: 0) {
                accepted.append($0)
            }
            let clients = (0..<20).map { _ in connectBlocking(to: listener.port) }
            let original = limitDescriptors(to: UInt(clients.max() ?? 0) + 5)
            var turns = 0
            let timer = try Timer(on: loop) {}
            timer.start(after: 200)
            loop.run {
                turns += 1
                return !timer.isActive
            }
            precondition(accepted.count < clients.count, "the descriptors did not run out")
            precondition(turns < 100, "the loop spins: \(turns) turns")
            _ = limitDescriptors(to: original)
            let before = accepted.count
            let late = connectBlocking(to: listener.port)
            loop.run { accepted.count > before }
            Glibc.close(late)
            timer.close()
            listener.close()
            for stream in accepted { stream.close() }
            loop.run()
        }
    }
}

/// A client socket outside any loop; loopback completes the handshake at once.
func connectBlocking(to port: UInt16) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { address in
        let raw = unsafe UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self)
        return unsafe connect(descriptor, raw, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    precondition(result == 0, "loopback refused a connection: errno \(errno)")
    return descriptor
}

/// Sets the soft limit of open descriptors and returns what it was.
func limitDescriptors(to count: UInt) -> UInt {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let original = limit.rlim_cur
    limit.rlim_cur = min(count, limit.rlim_max)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return original
}
