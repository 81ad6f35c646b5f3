/// The local clock readings at which a schedule fires, as in crontab(5).
///
/// A schedule for certain hours follows the readings. A reading that the clock skips fires at the
/// first instant after the gap. A reading that occurs twice fires the first time only.
///
/// A schedule for every hour follows real time: it fires at every instant with a matching reading.
/// In the night that repeats an hour, it fires in both of these hours.
package struct WallClock: Sendable, Equatable {
    package let minutes: Set<Int>
    package let hours: Set<Int>
    package let days: Set<Int>
    package let months: Set<Int>
    /// 0 is Sunday.
    package let weekdays: Set<Int>
    /// A date matches by its day or its weekday; otherwise it must match both.
    package let eitherDay: Bool

    package init(
        minutes: Set<Int>,
        hours: Set<Int> = Set(0...23),
        days: Set<Int> = Set(1...31),
        months: Set<Int> = Set(1...12),
        weekdays: Set<Int> = Set(0...6),
        eitherDay: Bool = false
    ) {
        precondition(minutes.isSubset(of: 0...59) && hours.isSubset(of: 0...23))
        precondition(days.isSubset(of: 1...31) && months.isSubset(of: 1...12))
        precondition(weekdays.isSubset(of: 0...6), "Sunday is 0 and Saturday 6")
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = weekdays
        self.eitherDay = eitherDay
    }

    var followsRealTime: Bool { hours.count == 24 }
}

extension Set<Int> {
    fileprivate func isSubset(of range: ClosedRange<Int>) -> Bool {
        allSatisfy(range.contains)
    }
}
