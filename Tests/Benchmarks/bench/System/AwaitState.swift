import Glibc
import Measurement

/// Waits until something is so, and looks every millisecond.
func awaitState(
    _ what: String,
    within limit: Duration = .seconds(60),
    _ isSo: () throws(Failure) -> Bool
) throws(Failure) {
    let deadline = ContinuousClock.now + limit
    while try !isSo() {
        try Interruption.check()
        guard .now < deadline else { throw Failure("\(what): not within \(limit)") }
        usleep(1000)
    }
}
