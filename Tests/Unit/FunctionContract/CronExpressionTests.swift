import FunctionContract
import Testing

@Suite struct CronExpressionTests {
    /// 2026-03-12 is a Thursday.
    @Test(arguments: [
        ("* * * * *", "2026-03-12 19:03", true), ("3 19 * * *", "2026-03-12 19:03", true),
        ("4 19 * * *", "2026-03-12 19:03", false), ("3 20 * * *", "2026-03-12 19:03", false),
        ("*/5 * * * *", "2026-03-12 19:00", true), ("*/5 * * * *", "2026-03-12 19:55", true),
        ("*/5 * * * *", "2026-03-12 19:59", false), ("*/45 * * * *", "2026-03-12 19:45", true),
        ("10-20/5 * * * *", "2026-03-12 19:15", true),
        ("10-20/5 * * * *", "2026-03-12 19:25", false),
        ("7/20 * * * *", "2026-03-12 19:47", true), ("7/20 * * * *", "2026-03-12 19:00", false),
        ("0,30 8-18 * * *", "2026-03-12 18:30", true),
        ("0,30 8-18 * * *", "2026-03-12 19:30", false),
        ("0 0 1 * *", "2026-03-01 00:00", true), ("0 0 1 * *", "2026-03-02 00:00", false),
        ("0 0 31 * *", "2026-01-31 00:00", true), ("0 0 29 2 *", "2024-02-29 00:00", true),
        ("0 0 * 3 *", "2026-03-12 00:00", true), ("0 0 * 4 *", "2026-03-12 00:00", false),
        ("0 0 * mar *", "2026-03-12 00:00", true), ("0 0 * Jan-MAR *", "2026-03-12 00:00", true),
        ("0 0 * * 4", "2026-03-12 00:00", true), ("0 0 * * thu", "2026-03-12 00:00", true),
        ("0 0 * * 5", "2026-03-12 00:00", false), ("0 0 * * 0", "2026-03-15 00:00", true),
        ("0 0 * * 7", "2026-03-15 00:00", true), ("0 0 * * sun", "2026-03-15 00:00", true),
        ("0 0 * * 5-7", "2026-03-15 00:00", true), ("0 0 * * 5-7", "2026-03-14 00:00", true),
        ("0 0 * * 5-7", "2026-03-16 00:00", false), ("0 0 * * mon-fri", "2026-03-13 00:00", true),
        ("0 0 * * mon-fri", "2026-03-14 00:00", false), ("0 0 * * 1", "1969-12-29 00:00", true),
        ("\t0  0 \t* * *  ", "2026-03-12 00:00", true),
    ])
    func fires(text: String, reading: String, fires: Bool) throws {
        let cron = try CronExpression(text)
        let (date, hour, minute) = try clock(reading)
        #expect(cron.fires(on: date, hour: hour, minute: minute) == fires)
    }

    /// crontab(5): with both day fields restricted either is enough, else both must match.
    @Test(arguments: [
        ("0 0 13 * 5", "2026-03-13 00:00", true), ("0 0 13 * 5", "2026-04-13 00:00", true),
        ("0 0 13 * 5", "2026-03-20 00:00", true), ("0 0 13 * 5", "2026-03-14 00:00", false),
        ("0 0 */2 * 5", "2026-03-13 00:00", true), ("0 0 */2 * 5", "2026-03-20 00:00", false),
        ("0 0 13 * */5", "2026-03-13 00:00", true), ("0 0 13 * */5", "2026-04-13 00:00", false),
        ("0 0 30 2 1", "2026-02-02 00:00", true),
    ])
    func dayOrWeekday(text: String, reading: String, fires: Bool) throws {
        let (date, _, _) = try clock(reading)
        #expect(try CronExpression(text).fires(on: date) == fires)
    }

    @Test(arguments: [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"), ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
    ])
    func nicknames(nickname: String, text: String) throws {
        let (named, spelled) = (try CronExpression(nickname), try CronExpression(text))
        #expect(named.text == nickname)
        #expect(named.minutes == spelled.minutes)
        #expect(named.hours == spelled.hours)
        #expect(named.days == spelled.days)
        #expect(named.months == spelled.months)
        #expect(named.weekdays == spelled.weekdays)
    }

    @Test func fieldsAreSetsOfValues() throws {
        let cron = try CronExpression("0-10/3,59 */8 1,15,31 feb,11-12 0,7")
        #expect(cron.minutes == [0, 3, 6, 9, 59])
        #expect(cron.hours == [0, 8, 16])
        #expect(cron.days == [1, 15, 31])
        #expect(cron.months == [2, 11, 12])
        #expect(cron.weekdays == [0])
        #expect(try CronExpression("*/70 * * * *").minutes == [0])
    }

    @Test(arguments: [
        ("", 0), ("* * * *", 4), ("* * * * * *", 6), ("@reboot", 1), ("@Daily", 1),
        ("rate(5 minutes)", 2),
    ])
    func wantsFiveFields(text: String, count: Int) {
        let message = "expected five cron fields (minute hour day month weekday), found \(count)"
        #expect(throws: ContractError(message)) { try CronExpression(text) }
    }

    @Test(arguments: [
        ("60 * * * *", "minute", "0-59", "60"), ("-1 * * * *", "minute", "0-59", "-1"),
        ("a * * * *", "minute", "0-59", "a"), ("1, * * * *", "minute", "0-59", ""),
        (", * * * *", "minute", "0-59", ""), ("5-1 * * * *", "minute", "0-59", "5-1"),
        ("1-2-3 * * * *", "minute", "0-59", "1-2-3"), ("1- * * * *", "minute", "0-59", "1-"),
        ("*/0 * * * *", "minute", "0-59", "*/0"), ("*/x * * * *", "minute", "0-59", "*/x"),
        ("*/ * * * *", "minute", "0-59", "*/"), ("*/+5 * * * *", "minute", "0-59", "*/+5"),
        ("*/-5 * * * *", "minute", "0-59", "*/-5"), ("1/2/3 * * * *", "minute", "0-59", "1/2/3"),
        ("/5 * * * *", "minute", "0-59", ""), ("+5 * * * *", "minute", "0-59", "+5"),
        ("** * * * *", "minute", "0-59", "**"), ("*-5 * * * *", "minute", "0-59", "*-5"),
        ("99999999999999999999 * * * *", "minute", "0-59", "99999999999999999999"),
        ("* 24 * * *", "hour", "0-23", "24"), ("* 1.5 * * *", "hour", "0-23", "1.5"),
        ("* * 0 * *", "day", "1-31", "0"), ("* * 32 * *", "day", "1-31", "32"),
        ("* * L * *", "day", "1-31", "L"), ("* * ? * *", "day", "1-31", "?"),
        ("* * * 0 *", "month", "1-12", "0"), ("* * * 13 *", "month", "1-12", "13"),
        ("* * * mon *", "month", "1-12", "mon"), ("* * * january *", "month", "1-12", "january"),
        ("* * * * 8", "weekday", "0-7", "8"), ("* * * * mar", "weekday", "0-7", "mar"),
        ("* * * * fri-sun", "weekday", "0-7", "fri-sun"), ("* * * * 5#3", "weekday", "0-7", "5#3"),
    ])
    func namesTheWrongField(text: String, field: String, range: String, found: String) {
        let message =
            "expected the \(field) to be \(range), *, a range, a list or a step, found \"\(found)\""
        #expect(throws: ContractError(message)) { try CronExpression(text) }
    }

    @Test(arguments: [
        ("0 0 30 2 *", "30"), ("0 0 31 4,6,9,11 *", "31"), ("0 0 30,31 feb *", "30,31"),
    ])
    func refusesADayThatNeverComes(text: String, days: String) {
        let message = "never fires: no month it names has day \(days)"
        #expect(throws: ContractError(message)) { try CronExpression(text) }
    }

    private func clock(_ text: String) throws -> (date: CivilDate, hour: Int, minute: Int) {
        let numbers = text.split { "- :".contains($0) }.compactMap { Int($0) }
        try #require(numbers.count == 5)
        let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])
        return (date, numbers[3], numbers[4])
    }
}
