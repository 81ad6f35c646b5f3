import FunctionContract
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z", "01/Jan/1970:00:00:00 +0000"),
        (-1, "1969-12-31T23:59:59.999Z", "31/Dec/1969:23:59:59 +0000"),
        (-1000, "1969-12-31T23:59:59.000Z", "31/Dec/1969:23:59:59 +0000"),
        (-86_400_000, "1969-12-31T00:00:00.000Z", "31/Dec/1969:00:00:00 +0000"),
        (951_782_400_007, "2000-02-29T00:00:00.007Z", "29/Feb/2000:00:00:00 +0000"),
        (1_583_348_638_390, "2020-03-04T19:03:58.390Z", "04/Mar/2020:19:03:58 +0000"),
        (1_773_342_238_000, "2026-03-12T19:03:58.000Z", "12/Mar/2026:19:03:58 +0000"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z", "31/Dec/9999:23:59:59 +0000"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z", "01/Jan/0001:00:00:00 +0000"),
    ])
    func writesBothForms(milliseconds: Int64, rfc3339: String, commonLogFormat: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.rfc3339 == rfc3339)
        #expect(time.commonLogFormat == commonLogFormat)
        #expect(Timestamp(rfc3339: rfc3339) == time)
    }

    @Test func everyMonthHasItsName() {
        let names = (0..<12).map { month in
            let date = CivilDate(year: 2026, month: month + 1, day: 15)
            let time = Timestamp(milliseconds: Int64(date.daysSinceEpoch) * 86_400_000)
            return String(time.commonLogFormat.dropFirst(3).prefix(3))
        }
        #expect(
            names == [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ]
        )
    }

    @Test func theEndsOfTimeAreNoTrap() {
        let furthest: [Timestamp] = [
            Timestamp(milliseconds: .max), Timestamp(milliseconds: .min), .distantFuture,
            .distantPast,
        ]
        #expect(furthest[0].rfc3339 == "294247-01-10T04:00:54.775Z")
        #expect(furthest[1].rfc3339 == "-290308-12-21T19:59:05.225Z")
        #expect(furthest[1].commonLogFormat == "21/Dec/-290308:19:59:05 +0000")
        for instant in furthest {
            let again = Timestamp(milliseconds: instant.milliseconds)
            #expect(Timestamp(milliseconds: again.milliseconds) == again)
        }
        #expect(furthest[0] + .seconds(Int64.max) == .distantFuture)
        #expect(furthest[1] - .seconds(Int64.max) == .distantPast)
        #expect(Timestamp.distantFuture.since(.distantPast) == .microseconds(Int64.max))
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (1_763_607_980_123_456, "2025-11-20T03:06:20.123456Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
        (-62_135_596_800_000_001, "0001-12-31T23:59:59.999999Z BC"),
        (253_402_300_800_000_000, "10000-01-01T00:00:00.000000Z"),
        (Int64.max, "infinity"), (Int64.min, "-infinity"),
    ])
    func writesMicrosecondsAsPostgreSQLReadsThem(_ microseconds: Int64, _ text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func addsDurations() {
        let instant = Timestamp(microseconds: 1_000_000)
        #expect((instant + .milliseconds(1500)).microseconds == 2_500_000)
        #expect((instant - .microseconds(1)).microseconds == 999_999)
        #expect(instant < instant + .microseconds(1))
        #expect((instant + .milliseconds(1500)).since(instant) == .milliseconds(1500))
    }

    @Test func everySecondOfADayReadsBack() {
        for second in Int64(0)..<86_400 {
            let time = Timestamp(milliseconds: 1_773_273_600_000 + second * 1000 + second % 1000)
            if Timestamp(rfc3339: time.rfc3339) != time { Issue.record("\(time.rfc3339)") }
        }
    }

    @Test(arguments: [
        ("2026-03-12T19:03:58Z", 1_773_342_238_000), ("2026-03-12t19:03:58z", 1_773_342_238_000),
        ("2026-03-12 19:03:58Z", 1_773_342_238_000),
        ("2026-03-12T20:03:58+01:00", 1_773_342_238_000),
        ("2026-03-12T13:33:58-05:30", 1_773_342_238_000),
        ("2026-03-12T19:03:58-00:00", 1_773_342_238_000),
        ("2026-03-13T18:02:58+22:59", 1_773_342_238_000),
        ("2026-03-12T19:03:58.1Z", 1_773_342_238_100),
        ("2026-03-12T19:03:58.12Z", 1_773_342_238_120),
        ("2026-03-12T19:03:58.1239999999Z", 1_773_342_238_123),
        ("2026-03-12T19:03:58.009+00:00", 1_773_342_238_009),
        ("1970-01-01T00:00:00+00:01", -60_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("2017-01-01T00:59:60.5+01:00", 1_483_228_800_500),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ])
    func reads(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test func readsMicroseconds() {
        let instant = Timestamp(rfc3339: "2025-11-20T03:06:20.1234569Z")
        #expect(instant?.microseconds == 1_763_607_980_123_456)
    }

    @Test(arguments: [
        "", "2026", "2026-03-12", "2026-03-12T19:03Z", "2026-03-12T19:03:58",
        "2026-03-12T19:03:58.Z",
        "2026-03-12T19:03:58,1Z", "2026-03-12T19:03:58ZZ", "2026-03-12T19:03:58Z ",
        " 2026-03-12T19:03:58Z",
        "2026-3-12T19:03:58Z", "26-03-12T19:03:58Z12", "2026-13-12T19:03:58Z",
        "2026-00-12T19:03:58Z",
        "2026-03-00T19:03:58Z", "2026-03-32T19:03:58Z", "2026-02-29T19:03:58Z",
        "2100-02-29T19:03:58Z",
        "2026-04-31T19:03:58Z", "2026-03-12T24:00:00Z", "2026-03-12T19:60:58Z",
        "2026-03-12T19:03:61Z",
        "2026-03-12T19:03:58+1:00", "2026-03-12T19:03:58+0100", "2026-03-12T19:03:58+01",
        "2026-03-12T19:03:58+24:00",
        "2026-03-12T19:03:58+01:60", "2026-03-12T19:03:58 01:00", "2026-03-12T19:03:58+01:0é",
        "2026/03/12T19:03:58Z",
        "2026-03-12_19:03:58Z", "2026-03-12T19.03.58Z", "+026-03-12T19:03:58Z",
        "2026-03-12T-9:03:58Z",
        "２０２６-03-12T19:03:58Z", "2026-W11-4T19:03:58Z", "2026-03-12T19:03:58.123",
        "2026-03-12T19:03:58.1.2Z",
    ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func earlierIsLess() {
        #expect(Timestamp(milliseconds: 1) < Timestamp(milliseconds: 2))
        #expect(Timestamp(milliseconds: -2) < Timestamp(milliseconds: -1))
    }
}
