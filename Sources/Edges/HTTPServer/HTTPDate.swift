internal import FunctionContract
private import Glibc

/// The Date header line, formatted again only when the second changes.
struct HTTPDate {
    private var second = -1
    private(set) var line: [UInt8] = []

    /// Updates the line to the current second.
    mutating func refresh() {
        let now = time(nil)
        if now == second { return }
        second = now
        line = Array("date: \(HTTPDate.text(secondsSince1970: now))\r\n".utf8)
    }

    /// The fixed-length form of RFC 9110 §5.6.7, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(secondsSince1970 seconds: Int) -> String {
        let (days, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        let hour = "\(twoDigits(time / 3600)):\(twoDigits(time / 60 % 60)):\(twoDigits(time % 60))"
        // 1 January 1970 was a Thursday.
        let weekday = weekdays[(days + 4) % 7]
        return
            "\(weekday), \(twoDigits(date.day)) \(months[date.month - 1]) \(date.year) \(hour) GMT"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
