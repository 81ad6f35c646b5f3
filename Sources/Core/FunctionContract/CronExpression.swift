/// The five fields of a crontab(5) schedule.
///
/// PostgreSQL has the time zones and converts instants to local time. This type only decides which
/// local clock readings fire.
package struct CronExpression: Equatable, Sendable {
    package let text: String
    package let minutes: Set<Int>
    package let hours: Set<Int>
    package let days: Set<Int>
    package let months: Set<Int>
    /// 0 is Sunday.
    package let weekdays: Set<Int>
    /// Both day fields are restricted. As in crontab(5), a date then fires when either matches.
    package let eitherDay: Bool

    package init(_ text: String) throws(ContractError) {
        self.text = text
        let expanded = Self.nicknames[text] ?? text
        let fields = expanded.split { $0 == " " || $0 == "\t" }
        guard fields.count == 5 else {
            throw ContractError(
                "expected five cron fields (minute hour day month weekday), found \(fields.count)"
            )
        }
        minutes = try CronField("minute", 0...59).values(of: fields[0])
        hours = try CronField("hour", 0...23).values(of: fields[1])
        days = try CronField("day", 1...31).values(of: fields[2])
        months = try CronField("month", 1...12, names: Self.monthNames).values(of: fields[3])
        let weekdays = try CronField("weekday", 0...7, names: Self.weekdayNames)
            .values(of: fields[4])
        self.weekdays = Set(weekdays.map { $0 % 7 })
        eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard eitherDay || hasDayInSomeMonth else {
            throw ContractError("never fires: no month it names has day \(fields[2])")
        }
    }

    /// Whether the schedule fires on this date, at whatever time.
    package func fires(on date: CivilDate) -> Bool {
        guard months.contains(date.month) else { return false }
        let byDay = days.contains(date.day)
        let byWeekday = weekdays.contains(date.weekday)
        return eitherDay ? byDay || byWeekday : byDay && byWeekday
    }

    /// Whether the schedule fires at this local clock reading.
    package func fires(on date: CivilDate, hour: Int, minute: Int) -> Bool {
        minutes.contains(minute) && hours.contains(hour) && fires(on: date)
    }

    private var hasDayInSomeMonth: Bool {
        months.contains { month in
            days.contains { $0 <= CivilDate.days(inMonth: month, of: 2000) }
        }
    }

    private static let nicknames = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
        "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
    ]

    private static let monthNames = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
        "oct": 10, "nov": 11, "dec": 12,
    ]

    private static let weekdayNames = [
        "sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6,
    ]
}

/// One field: a list of `*`, values or ranges, each with an optional step.
private struct CronField {
    let name: String
    let range: ClosedRange<Int>
    let names: [String: Int]

    init(_ name: String, _ range: ClosedRange<Int>, names: [String: Int] = [:]) {
        self.name = name
        self.range = range
        self.names = names
    }

    func values(of text: Substring) throws(ContractError) -> Set<Int> {
        var values: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw wrong(item) }
            guard let step = parts.count == 2 ? number(parts[1]) : 1, step > 0 else {
                throw wrong(item)
            }
            let bounds = try bounds(of: parts[0], openEnded: parts.count == 2)
            values.formUnion(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step))
        }
        return values
    }

    /// `7/2` counts from 7 to the end of the range, as in every cron since Vixie's.
    private func bounds(
        of text: Substring,
        openEnded: Bool
    ) throws(ContractError) -> ClosedRange<Int> {
        if text == "*" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = value(ends[0]) else { throw wrong(text) }
        guard ends.count == 2 else { return first...(openEnded ? range.upperBound : first) }
        guard let last = value(ends[1]), first <= last else { throw wrong(text) }
        return first...last
    }

    private func value(_ text: Substring) -> Int? {
        guard let value = names[text.lowercased()] ?? number(text), range.contains(value) else {
            return nil
        }
        return value
    }

    /// Accepts digits only; `Int` alone would accept a sign.
    private func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private func wrong(_ item: Substring) -> ContractError {
        ContractError(
            "expected the \(name) to be \(range.lowerBound)-\(range.upperBound), *, a range, a list"
                + " or a step, found \"\(item)\""
        )
    }
}
