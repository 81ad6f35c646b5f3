package import Database

/// Daily allowances that are never exceeded by any number of senders.
package struct Counters {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Takes up to `count` of today's allowance; fewer, or none, when less is left.
    package func take(
        _ count: Int,
        from counter: DailyCounter
    ) throws(DatabaseError) -> Allotment {
        try Allotment(connection.platform(CounterSQL.take(count, counter))[0][0])
    }

    /// Takes together with what else the transaction does. The counter is locked until its end.
    package static func take(
        _ count: Int,
        from counter: DailyCounter,
        in transaction: Transaction
    ) throws(DatabaseError) -> Allotment {
        try Allotment(transaction.query(CounterSQL.take(count, counter))[0])
    }

    /// Counts what happened anyway, beyond the cap if need be.
    @discardableResult
    package func record(
        _ count: Int,
        on counter: DailyCounter
    ) throws(DatabaseError) -> Usage {
        try Usage(connection.platform(CounterSQL.record(count, counter))[0][0])
    }

    /// Returns what was taken on that day and not used. A day that was closed stays as it is.
    package func giveBack(
        _ count: Int,
        of allotment: Allotment,
        to counter: DailyCounter
    ) throws(DatabaseError) {
        try connection.platform(CounterSQL.giveBack(count, allotment.day, counter))
    }

    /// How today stands.
    package func usage(of counter: DailyCounter) throws(DatabaseError) -> Usage {
        guard let row = try connection.platform(CounterSQL.usage(of: counter))[0].first else {
            return Usage(used: 0, cap: counter.cap)
        }
        return try Usage(row)
    }

    /// Moves the days that are over, where they count, into history. Doing it twice, or at once,
    /// changes nothing. A time zone or a counter that cannot be closed keeps no other open.
    @discardableResult
    package func closeDays() throws(DatabaseError) -> Sweep {
        var sweep = Sweep()
        for row in try connection.platform(CounterSQL.timezones)[0] {
            let timezone: String = try row.get("timezone")
            try sweep.attempt("the day in \(timezone)") { (sweep) throws(DatabaseError) in
                try closeDays(in: timezone, &sweep)
            }
        }
        return sweep
    }

    private func closeDays(in timezone: String, _ sweep: inout Sweep) throws(DatabaseError) {
        try sweep.together(
            limit: Self.batchLimit,
            { (limit) throws(DatabaseError) in
                try connection.platform(CounterSQL.close(in: timezone, limit: limit))[0].affected
            },
            items: { (limit) throws(DatabaseError) in
                try connection.platform(CounterSQL.over(in: timezone, limit: limit))[0]
            },
            name: { (row) throws(DatabaseError) in
                "the day \(try row.get("name", as: String.self)) of "
                    + (try row.get("key", as: String.self))
            },
            one: { (row) throws(DatabaseError) in
                let statement = CounterSQL.close(
                    try row.get("key"),
                    try row.get("name"),
                    of: try row.get("workspace")
                )
                return try connection.platform(statement)[0].affected
            }
        )
    }

    private static let batchLimit = 1000
}
