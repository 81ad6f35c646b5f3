internal import CUV

/// Calls back after a delay, once or repeatedly, until stopped or closed.
@safe package final class Timer: Handle {
    private var onFire: (() -> Void)?

    /// Creates a timer without starting it.
    package init(on loop: EventLoop, onFire: @escaping () -> Void) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_timer_t.self, "make a timer") {
            unsafe uv_timer_init(loop.raw, $0)
        }
        self.onFire = onFire
        unsafe super.init(adopting: raw)
    }

    /// Starts or restarts the timer. It fires after `delay` ms, then every `period` ms unless that
    /// is 0.
    package func start(after delay: UInt64, repeating period: UInt64 = 0) {
        guard !isClosing else { return }
        // Fails only without a callback or while closing; neither can happen here.
        unsafe _ = uv_timer_start(raw, { unsafe Timer.owner($0).onFire?() }, delay, period)
    }

    /// Whether the timer is running.
    package var isActive: Bool { unsafe uv_is_active(handle) != 0 }

    /// Stops the timer; `start` works again.
    package func stop() {
        unsafe uv_timer_stop(raw)
    }

    /// Closes the timer permanently; idempotent.
    package func close() {
        closeHandle()
    }

    override func didClose() {
        onFire = nil
    }

    private var raw: UnsafeMutablePointer<uv_timer_t> {
        unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_timer_t.self)
    }
}
