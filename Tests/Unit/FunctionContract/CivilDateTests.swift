import FunctionContract
import Testing

@Suite struct CivilDateTests {
    @Test func everyDayFrom1900To2100ReadsBackAndFollowsTheDayBefore() {
        var date = CivilDate(year: 1900, month: 1, day: 1)
        var days = date.daysSinceEpoch
        #expect(days == -25_567)
        while date.year <= 2100 {
            guard CivilDate(daysSinceEpoch: days) == date, date.daysSinceEpoch == days else {
                Issue.record("\(date) is day \(date.daysSinceEpoch), not \(days)")
                return
            }
            date = dayAfter(date)
            days += 1
        }
        #expect(days == 47_847)
    }

    @Test(arguments: [
        (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017),
        (2026, 3, 12, 20_524), (1600, 2, 29, -135_081), (0, 3, 1, -719_468), (-1, 12, 31, -719_529),
        (9999, 12, 31, 2_932_896),
    ])
    func knownDays(year: Int, month: Int, day: Int, days: Int) {
        let date = CivilDate(year: year, month: month, day: day)
        #expect(date.daysSinceEpoch == days)
        #expect(CivilDate(daysSinceEpoch: days) == date)
    }

    @Test func monthsHaveTheirDays() {
        let days = (1...12).map { CivilDate.days(inMonth: $0, of: 2026) }
        #expect(days == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        let februaries = [1900, 2000, 2023, 2024, 2100, 2400].map {
            CivilDate.days(inMonth: 2, of: $0)
        }
        #expect(februaries == [28, 29, 28, 29, 28, 29])
    }

    private func dayAfter(_ date: CivilDate) -> CivilDate {
        if date.day < CivilDate.days(inMonth: date.month, of: date.year) {
            return CivilDate(year: date.year, month: date.month, day: date.day + 1)
        }
        return date.month < 12
            ? CivilDate(year: date.year, month: date.month + 1, day: 1)
            : CivilDate(year: date.year + 1, month: 1, day: 1)
    }
}
