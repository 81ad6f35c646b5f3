import Glibc

/// What this worker did, and when.
struct Stint: CustomStringConvertible {
    var count = 0
    var started = 0.0
    var ended = 0.0

    var description: String { #"{"count":\#(count),"started":\#(started),"ended":\#(ended)}"# }
}

/// Seconds of the clock that all processes of this machine share.
func seconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
}
