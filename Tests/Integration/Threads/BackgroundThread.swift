import Glibc

/// Runs `body` on a thread of its own: a test may block in it as long as it likes.
final class BackgroundThread: Sendable {
    private let thread: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        var created = pthread_t()
        let context = unsafe Unmanaged.passRetained(Body(run: body)).toOpaque()
        let code = unsafe pthread_create(
            &created,
            nil,
            { context in
                unsafe Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            },
            context
        )
        precondition(code == 0, "no thread for the test")
        thread = created
    }

    func join() {
        pthread_join(thread, nil)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
