/// An instant as PostgreSQL keeps it: whole microseconds, here since 1970-01-01 UTC.
package struct Timestamp: Sendable, Hashable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// PostgreSQL's `infinity` and `-infinity`.
    package static let distantFuture = Timestamp(microseconds: .max)
    package static let distantPast = Timestamp(microseconds: .min)

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    package static func + (instant: Timestamp, span: Duration) -> Timestamp {
        let (seconds, attoseconds) = span.components
        return Timestamp(
            microseconds: instant.microseconds + seconds * 1_000_000
                + attoseconds / 1_000_000_000_000
        )
    }

    package static func - (instant: Timestamp, span: Duration) -> Timestamp {
        instant + (.zero - span)
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, `2026-11-20T03:06:20.000001Z`. PostgreSQL reads it as the same instant.
    package var description: String {
        if self == .distantFuture { return "infinity" }
        if self == .distantPast { return "-infinity" }
        let (days, ofDay) = microseconds.flooredQuotientAndRemainder(86_400_000_000)
        let (year, month, day) = civil(days: days)
        let seconds = ofDay / 1_000_000
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
        let date = [padded(year > 0 ? year : 1 - year, 4), padded(month, 2), padded(day, 2)]
        let fraction = padded(ofDay % 1_000_000, 6)
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + ".\(fraction)Z"
            + (year > 0 ? "" : " BC")
    }

    /// Howard Hinnant's `civil_from_days`: years are counted from March, in eras of 400.
    private func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, ofEra) = (days + 719_468).flooredQuotientAndRemainder(146_097)
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func flooredQuotientAndRemainder(_ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
