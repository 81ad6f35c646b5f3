extension Timestamp {
    /// The fixed-length form of RFC 9110 §5.6.7, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    package var httpDate: String {
        let day = Int(milliseconds.flooredQuotient(by: 86_400_000).quotient)
        let text = rfc3339
        let date = CivilDate(daysSinceEpoch: day)
        let (month, year) = (Self.monthNames[date.month - 1], text.prefix(4))
        return
            "\(Self.weekdayNames[date.weekday]), \(text.dropFirst(8).prefix(2)) \(month) \(year) "
            + "\(text.dropFirst(11).prefix(8)) GMT"
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    package init?(httpDate text: String) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT",
            let month = Self.monthNames.firstIndex(of: String(words[2]))
        else { return nil }
        let day = words[1].count == 1 ? "0" + words[1] : String(words[1])
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        self.init(rfc3339: "\(words[3])-\(number)-\(day)T\(words[4])Z")
    }

    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
}
