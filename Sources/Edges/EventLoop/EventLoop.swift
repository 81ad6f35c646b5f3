internal import CUV
private import Glibc

/// One thread's loop: timers, sockets, pipes, processes and signals call back from `run`.
///
/// Nothing here is `Sendable`: a loop and its handles live and die on the thread that runs them.
@safe package final class EventLoop {
    let raw: UnsafeMutablePointer<uv_loop_t>
    // Every stream reads into this one buffer, for the time of its callback only.
    let readBuffer: UnsafeMutableRawBufferPointer

    private static let readBufferBytes = 64 * 1024

    /// Makes a loop, and has the process ignore SIGPIPE: a closed pipe is an error of one write.
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
        // Closed handles leave in the next turn; one that is still open is a leak and stays busy.
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

    /// Runs turn by turn, waiting for events, until the condition holds or no handle is active.
    package func run(until isDone: () -> Bool) {
        while !isDone() {
            guard unsafe uv_run(raw, UV_RUN_ONCE) != 0 else { return }
        }
    }

    /// Makes `run` return after the current turn.
    package func stop() {
        unsafe uv_stop(raw)
    }

    /// Milliseconds on a monotonic clock, as of the start of this turn of the loop.
    package var now: UInt64 { unsafe uv_now(raw) }

    /// Nanoseconds on a monotonic clock, at the moment of the call.
    package var hrtime: UInt64 { uv_hrtime() }
}
