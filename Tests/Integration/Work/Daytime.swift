import Database
import FunctionContract

/// Days that neither begin nor end while a test runs.
enum Daytime {
    /// Somewhere where it is between six in the morning and six in the evening.
    static var timezone: String {
        let hour = Timestamp.now.microseconds / 3_600_000_000 % 24
        // The sign is that of POSIX: six hours east, or west.
        return hour < 12 ? "Etc/GMT-6" : "Etc/GMT+6"
    }
}
