internal import Database
internal import FunctionContract

/// Converts local clock readings to instants. PostgreSQL does it, because it has the time zones.
enum InstantSQL {
    /// The number of the first parameter after `parameters`.
    static let firstFree = 8

    static func parameters(_ cron: CronExpression, _ timezone: String) -> [Parameter] {
        [
            .ints(cron.minutes.sorted()), .ints(cron.hours.sorted()), .ints(cron.days.sorted()),
            .ints(cron.months.sorted()), .ints(cron.weekdays.sorted()),
            .bool(cron.eitherDay), .text(timezone),
        ]
    }

    /// A query for the instants after `start` up to and including `end`, unordered.
    ///
    /// When the clock goes forward, some readings do not exist. PostgreSQL converts such a reading
    /// with the old offset, to an instant after the gap. The query uses the end of the gap instead:
    /// the first instant with a later reading.
    ///
    /// When the clock goes back, some readings occur twice. PostgreSQL returns the second instant.
    /// The first one has the offset of 24 hours earlier. The interval is 24 hours, because a day
    /// would depend on the session's time zone.
    static func instants(after start: String, through end: String) -> String {
        """
        WITH date AS (
            SELECT date
            FROM generate_series(
                date_trunc('day', \(start) AT TIME ZONE $7) - interval '1 day',
                \(end) AT TIME ZONE $7, '1 day'
            ) AS date
            CROSS JOIN LATERAL (
                SELECT extract(day FROM date) = ANY ($3) AS by_day,
                    extract(dow FROM date) = ANY ($5) AS by_weekday
            ) AS match
            WHERE extract(month FROM date) = ANY ($4)
                AND CASE WHEN $6 THEN by_day OR by_weekday ELSE by_day AND by_weekday END
        ), every AS (
            \(byRealTime(after: start, through: end))
            UNION
            \(byReading)
        )
        SELECT instant FROM every WHERE instant > \(start) AND instant <= \(end)
        """
    }

    private static func byRealTime(after start: String, through end: String) -> String {
        """
        SELECT instant
        FROM generate_series(date_trunc('minute', \(start), 'UTC'), \(end), '1 minute') AS instant
        WHERE cardinality($2) = 24 AND extract(minute FROM instant AT TIME ZONE $7) = ANY ($1)
            AND date_trunc('day', instant AT TIME ZONE $7) IN (SELECT date FROM date)
        """
    }

    private static let byReading = """
        SELECT CASE
            WHEN first AT TIME ZONE $7 = reading THEN first
            WHEN last AT TIME ZONE $7 = reading THEN last
            ELSE (
                SELECT min(instant)
                FROM generate_series(
                    last - (last AT TIME ZONE $7 - reading), last, '1 minute'
                ) AS instant
                WHERE instant AT TIME ZONE $7 > reading
            )
        END
        FROM date, unnest($2) AS hour, unnest($1) AS minute
        CROSS JOIN LATERAL (
            SELECT date + make_interval(hours => hour::int, mins => minute::int) AS reading
        ) AS wall
        CROSS JOIN LATERAL (SELECT reading AT TIME ZONE $7 AS last) AS second
        CROSS JOIN LATERAL (
            SELECT last - interval '24 hours' AS eve
        ) AS earlier
        CROSS JOIN LATERAL (
            SELECT (reading - (eve AT TIME ZONE $7 - eve AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC'
                AS first
        ) AS candidate
        WHERE cardinality($2) < 24
        """
}
