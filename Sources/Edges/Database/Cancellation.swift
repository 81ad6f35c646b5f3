internal import CPostgres
internal import FunctionContract
private import Glibc

/// Asks the server to cancel a session's running statement. The request uses its own connection.
///
/// `PQcancel` may block as long as TCP does. It therefore runs on a thread that `send` can leave
/// behind. That thread and the caller of `send` share only this object.
@safe
final class Cancellation {
    private let request: OpaquePointer
    private let done: UnsafeMutablePointer<sem_t>

    /// How long `send` waits for a server that may be dead.
    private static let patience: Duration = .milliseconds(250)

    init?(of handle: OpaquePointer) {
        guard let request = unsafe PQgetCancel(handle) else { return nil }
        unsafe self.request = request
        unsafe done = .allocate(capacity: 1)
        unsafe sem_init(done, 0, 0)
    }

    deinit {
        unsafe PQfreeCancel(request)
        unsafe sem_destroy(done)
        unsafe done.deallocate()
    }

    /// Sends the request, and waits briefly until the server has taken it.
    func send() {
        var thread = pthread_t()
        let shared = unsafe Unmanaged.passRetained(self)
        let started = unsafe pthread_create(
            &thread,
            nil,
            { context in
                let shared = unsafe Unmanaged<Cancellation>.fromOpaque(context!)
                unsafe shared.takeRetainedValue().deliver()
                return nil
            },
            shared.toOpaque()
        )
        guard started == 0 else { return unsafe shared.release() }
        pthread_detach(thread)
        waitUntilDelivered()
    }

    private func deliver() {
        unsafe PQcancel(request, nil, 0)
        unsafe sem_post(done)
    }

    private func waitUntilDelivered() {
        let limit = (Timestamp.now + Self.patience).microseconds
        var time = timespec(tv_sec: Int(limit / 1_000_000), tv_nsec: Int(limit % 1_000_000) * 1000)
        while unsafe sem_timedwait(done, &time) != 0, errno == EINTR {}
    }
}
