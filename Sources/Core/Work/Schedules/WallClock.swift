/// Which readings of the clock on the wall fire, as crontab(5) has them.
///
/// A schedule that is bound to hours follows the readings: one that does not exist, because the
/// clock went forward, fires at the first instant that does; one that exists twice fires the first
/// time. A schedule of every hour follows real time: it fires at every instant with a reading that
/// matches, and the night that has an hour twice is an hour longer.
package struct WallClock: Sendable, Equatable {
    package let minutes: Set<Int>
    package let hours: Set<Int>
    package let days: Set<Int>
    package let months: Set<Int>
    /// 0 is Sunday.
    package let weekdays: Set<Int>
    /// A date fires when its day or its weekday matches, instead of both.
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
