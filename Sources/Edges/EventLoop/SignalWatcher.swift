internal import CUV

/// Calls back on the loop each time the process receives one signal.
@safe package final class SignalWatcher: Handle {
    private var onSignal: (() -> Void)?

    /// Starts to watch. The watcher alone does not keep the loop running.
    package init(
        on loop: EventLoop,
        signal: Int32,
        onSignal: @escaping () -> Void
    ) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_signal_t.self, "watch signal \(signal)") {
            unsafe uv_signal_init(loop.raw, $0)
        }
        self.onSignal = onSignal
        unsafe super.init(adopting: raw)
        keepsLoopAlive = false
        let result = unsafe uv_signal_start(
            raw,
            { watcher, _ in unsafe SignalWatcher.owner(watcher).onSignal?() },
            signal
        )
        guard result == 0 else {
            closeHandle()
            throw UVError(code: result, operation: "watch signal \(signal)")
        }
    }

    /// Stops watching and restores the earlier handling of the signal; idempotent.
    package func close() {
        closeHandle()
    }

    override func didClose() {
        onSignal = nil
    }
}
