import Database
import Testing

struct TimestampTests {
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
    func printsAsRFC3339(_ microseconds: Int64, _ text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func addsDurations() {
        let instant = Timestamp(microseconds: 1_000_000)
        #expect((instant + .milliseconds(1500)).microseconds == 2_500_000)
        #expect((instant - .microseconds(1)).microseconds == 999_999)
        #expect(instant < instant + .microseconds(1))
    }
}
