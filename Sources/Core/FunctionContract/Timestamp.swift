/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Equatable, Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// RFC 3339 in UTC with milliseconds: `2026-03-12T19:03:58.000Z`.
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

    /// The form of access logs and of API Gateway: `12/Mar/2026:19:03:58 +0000`.
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

    /// Room for every moment that 64 bits can say, the year -292275055 included.
    private static let longestText = 40

    private static let months = [
        "/Jan/", "/Feb/", "/Mar/", "/Apr/", "/May/", "/Jun/", "/Jul/", "/Aug/", "/Sep/", "/Oct/",
        "/Nov/", "/Dec/",
    ]

    private static let millisecondsPerDay: Int64 = 86_400_000

    /// The date and the milliseconds since its midnight.
    private var civil: (date: CivilDate, time: Int64) {
        var (days, time) = milliseconds.quotientAndRemainder(dividingBy: Self.millisecondsPerDay)
        if time < 0 {
            days -= 1
            time += Self.millisecondsPerDay
        }
        return (CivilDate(daysSinceEpoch: Int(days)), time)
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
