import Glibc
import Measurement
import Synchronization

/// Ctrl-C and SIGTERM become an error at the next wait, so that everything started is ended.
enum Interruption {
    private static let seen = Atomic<Bool>(false)

    static func watch() {
        // Made now: a signal handler must not be the first to touch it.
        seen.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in Interruption.seen.store(true, ordering: .relaxed) }
        }
    }

    static func check() throws(Failure) {
        if seen.load(ordering: .relaxed) { throw Failure("interrupted") }
    }
}
