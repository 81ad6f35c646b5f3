internal import CUV
private import Glibc

/// A libuv event loop. Its timers, sockets, pipes, processes and signals call back from `run`.
///
/// Nothing here is `Sendable`: a loop and its handles stay on one thread.
@safe package final class EventLoop {
    let raw: UnsafeMutablePointer<uv_loop_t>
    // All streams read into this buffer. Its content is valid only during the read callback.
    let readBuffer: UnsafeMutableRawBufferPointer

    private static let readBufferBytes = 64 * 1024

    /// Creates a loop and makes the process ignore SIGPIPE, so a write to a closed pipe only fails.
    package init() throws(UVError) {
        let raw = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
        let result = unsafe uv_loop_init(raw)
        guard result == 0 else {
            unsafe raw.deallocate()
            throw UVError(code: result, operation: "start an event loop")
        }
        unsafe self.raw = raw
        unsafe readBuffer = .allocate(byteCount: EventLoop.readBufferBytes, alignment: 64)
        unsafe raw.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        _ = signal(SIGPIPE, SIG_IGN)
    }

    deinit {
        // One more turn runs the pending close callbacks. A handle that is still open is a leak.
        unsafe uv_run(raw, UV_RUN_NOWAIT)
        let result = unsafe uv_loop_close(raw)
        precondition(result == 0, "an event loop ended while one of its handles was still open")
        unsafe raw.deallocate()
        unsafe readBuffer.deallocate()
    }
}

@available(*, unavailable)
extension EventLoop: Sendable {}

extension EventLoop {
    /// Runs until no handle is active, or until `stop`.
    package func run() {
        unsafe uv_run(raw, UV_RUN_DEFAULT)
    }

    /// Runs turns of the loop until the condition holds or no handle is active.
    package func run(until isDone: () -> Bool) {
        while !isDone() {
            guard unsafe uv_run(raw, UV_RUN_ONCE) != 0 else { return }
        }
    }

    /// Makes `run` return after the current turn.
    package func stop() {
        unsafe uv_stop(raw)
    }

    /// Milliseconds on a monotonic clock, at the start of this turn of the loop.
    package var now: UInt64 { unsafe uv_now(raw) }

    /// Nanoseconds on a monotonic clock, at the moment of the call.
    package var hrtime: UInt64 { uv_hrtime() }
}
