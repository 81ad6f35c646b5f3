import Dispatch
import Synchronization

/// Lets the first `count` threads go on together once all have arrived; later ones pass through.
final class Rendezvous: Sendable {
    private let missing: Mutex<Int>
    private let group = DispatchGroup()

    init(_ count: Int) {
        missing = Mutex(count)
        for _ in 0..<count { group.enter() }
    }

    func arrive() {
        let isExpected = missing.withLock { missing in
            defer { missing = max(0, missing - 1) }
            return missing > 0
        }
        if isExpected { group.leave() }
        group.wait()
    }
}
