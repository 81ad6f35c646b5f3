import Glibc
import Synchronization

/// A port of the loopback interface that is taken, by nobody who answers, until the test lets go.
final class SilentPort {
    private(set) var number: UInt16 = 0
    let descriptor: CInt

    /// Takes the port `number`; 0 takes one that the system chooses.
    init(_ number: UInt16 = 0) throws {
        let descriptor = socket(AF_INET, Loopback.socketKind, 0)
        self.descriptor = descriptor
        let isBound = unsafe Loopback.withAddress(port: number) {
            unsafe bind(descriptor, $0, $1) == 0
        }
        guard isBound else { throw SystemCallFailed("bind") }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &size)
            }
        }
        self.number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// Ports that were free a moment ago, for programs that must be told a number and cannot be
    /// given 0. They lie below those that the system hands out, so that nobody gets one by chance
    /// before the program has taken it; nor does another test.
    static func numbers(_ count: Int) throws -> [UInt16] {
        var taken: [SilentPort] = []
        for _ in 0..<100 where taken.count < count {
            let number = UInt16.random(in: 20_000..<32_000)
            guard given.withLock({ $0.insert(number).inserted }) else { continue }
            if let port = try? SilentPort(number) { taken.append(port) }
        }
        guard taken.count == count else { throw SystemCallFailed("bind", code: EADDRINUSE) }
        return taken.map(\.number)
    }

    private static let given = Mutex<Set<UInt16>>([])
}
