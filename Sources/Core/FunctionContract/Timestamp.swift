/// An instant in whole microseconds since 1970-01-01T00:00:00Z, as in PostgreSQL.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Clamps values beyond about 290,000 years to the furthest instant in whole milliseconds.
    package init(milliseconds: Int64) {
        let furthest = Int64.max / 1000
        microseconds = min(max(milliseconds, -furthest), furthest) * 1000
    }

    /// The whole milliseconds since 1970, rounded down.
    package var milliseconds: Int64 { microseconds.flooredQuotient(by: 1000).quotient }

    /// PostgreSQL's `infinity` and `-infinity`.
    package static let distantFuture = Timestamp(microseconds: .max)
    package static let distantPast = Timestamp(microseconds: .min)

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Clamps the result to the furthest instants.
    package static func + (instant: Timestamp, span: Duration) -> Timestamp {
        let (sum, overflow) = instant.microseconds.addingReportingOverflow(span.wholeMicroseconds)
        if overflow { return span > .zero ? distantFuture : distantPast }
        return Timestamp(microseconds: sum)
    }

    package static func - (instant: Timestamp, span: Duration) -> Timestamp {
        instant + (.zero - span)
    }

    /// The time from `earlier` to this instant.
    package func since(_ earlier: Timestamp) -> Duration {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        return .microseconds(overflow ? (self > earlier ? .max : .min) : difference)
    }

    /// RFC 3339 in UTC with milliseconds, for replies and logs: `2026-03-12T19:03:58.000Z`.
    package var rfc3339: String {
        let (date, time) = civil
        let text = [UInt8](capacity: Self.longestText) { text in
            text.append(decimal: Int64(date.year), width: 4)
            text.append(UInt8(ascii: "-"))
            text.append(twoDigits: date.month)
            text.append(UInt8(ascii: "-"))
            text.append(twoDigits: date.day)
            text.append(UInt8(ascii: "T"))
            Self.append(clock: time, to: &text)
            text.append(UInt8(ascii: "."))
            text.append(decimal: time % 1000, width: 3)
            text.append(UInt8(ascii: "Z"))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The format of access logs and of API Gateway: `12/Mar/2026:19:03:58 +0000`.
    package var commonLogFormat: String {
        var text: [UInt8] = []
        appendCommonLogFormat(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    func appendCommonLogFormat(to text: inout [UInt8]) {
        let (date, time) = civil
        text.append(addingCapacity: Self.longestText) { text in
            text.append(twoDigits: date.day)
            text.append(Self.months[date.month - 1].utf8.span)
            text.append(decimal: Int64(date.year), width: 4)
            text.append(UInt8(ascii: ":"))
            Self.append(clock: time, to: &text)
            text.append(" +0000".utf8.span)
        }
    }

    /// Enough for every 64-bit instant, even in the year -290308.
    private static let longestText = 40

    private static let months = [
        "/Jan/", "/Feb/", "/Mar/", "/Apr/", "/May/", "/Jun/", "/Jul/", "/Aug/", "/Sep/", "/Oct/",
        "/Nov/", "/Dec/",
    ]

    private static let microsecondsPerDay: Int64 = 86_400_000_000

    /// The date, and the milliseconds since its midnight.
    private var civil: (date: CivilDate, time: Int64) {
        let (days, time) = microseconds.flooredQuotient(by: Self.microsecondsPerDay)
        return (CivilDate(daysSinceEpoch: Int(days)), time / 1000)
    }

    private static func append(clock time: Int64, to text: inout OutputSpan<UInt8>) {
        let second = time / 1000
        text.append(twoDigits: second / 3600)
        text.append(UInt8(ascii: ":"))
        text.append(twoDigits: second / 60 % 60)
        text.append(UInt8(ascii: ":"))
        text.append(twoDigits: second % 60)
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with microseconds, `2026-11-20T03:06:20.000001Z`. PostgreSQL reads it as the
    /// same instant.
    package var description: String {
        if self == .distantFuture { return "infinity" }
        if self == .distantPast { return "-infinity" }
        let (days, ofDay) = microseconds.flooredQuotient(by: Self.microsecondsPerDay)
        let date = CivilDate(daysSinceEpoch: Int(days))
        let year = Int64(date.year > 0 ? date.year : 1 - date.year)
        let text = [UInt8](capacity: Self.longestText) { text in
            text.append(decimal: year, width: 4)
            text.append(UInt8(ascii: "-"))
            text.append(twoDigits: date.month)
            text.append(UInt8(ascii: "-"))
            text.append(twoDigits: date.day)
            text.append(UInt8(ascii: "T"))
            Self.append(clock: ofDay / 1000, to: &text)
            text.append(UInt8(ascii: "."))
            text.append(decimal: ofDay % 1_000_000, width: 6)
            text.append(UInt8(ascii: "Z"))
        }
        return String(decoding: text, as: UTF8.self) + (date.year > 0 ? "" : " BC")
    }
}

extension Duration {
    /// Rounded towards zero, and clamped to 64 bits.
    fileprivate var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds > 0 ? .max : .min }
        let (sum, overflows) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return overflows ? (seconds > 0 ? .max : .min) : sum
    }
}

extension Int64 {
    /// Division that rounds down, so that the remainder is never negative.
    func flooredQuotient(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
