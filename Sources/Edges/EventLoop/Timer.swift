internal import CUV

/// Calls back after a delay, once or again and again, until stopped or closed.
@safe package final class Timer: Handle {
    private var onFire: (() -> Void)?

    /// A timer that is not started yet.
    package init(on loop: EventLoop, onFire: @escaping () -> Void) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_timer_t.self, "make a timer") {
            unsafe uv_timer_init(loop.raw, $0)
        }
        self.onFire = onFire
        unsafe super.init(adopting: raw)
    }

    /// Starts, or starts over: first after `delay` milliseconds, then every `period` if not zero.
    package func start(after delay: UInt64, repeating period: UInt64 = 0) {
        guard !isClosing else { return }
        // Refused only without a callback or while closing; neither can be here.
        unsafe _ = uv_timer_start(raw, { unsafe Timer.owner($0).onFire?() }, delay, period)
    }

    /// Whether a call is due.
    package var isActive: Bool { unsafe uv_is_active(handle) != 0 }

    /// Cancels the calls to come; `start` works again.
    package func stop() {
        unsafe uv_timer_stop(raw)
    }

    /// Ends the timer for good; idempotent.
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
