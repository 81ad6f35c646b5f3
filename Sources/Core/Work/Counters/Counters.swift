package import Database

/// Daily allowances. Concurrent senders together never exceed the cap.
package struct Counters {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Takes up to `count` of today's allowance, or what is left of it.
    package func take(
        _ count: Int,
        from counter: DailyCounter
    ) throws(DatabaseError) -> Allotment {
        try Allotment(connection.platform(CounterSQL.take(count, counter))[0][0])
    }

    /// Takes in the caller's transaction, which locks the counter until its end.
    package static func take(
        _ count: Int,
        from counter: DailyCounter,
        in transaction: Transaction
    ) throws(DatabaseError) -> Allotment {
        try Allotment(transaction.query(CounterSQL.take(count, counter))[0])
    }

    /// Counts events that already happened, even beyond the cap.
    @discardableResult
    package func record(
        _ count: Int,
        on counter: DailyCounter
    ) throws(DatabaseError) -> Usage {
        try Usage(connection.platform(CounterSQL.record(count, counter))[0][0])
    }

    /// Returns the unused part of an allotment to its day. A closed day does not change.
    package func giveBack(
        _ count: Int,
        of allotment: Allotment,
        to counter: DailyCounter
    ) throws(DatabaseError) {
        try connection.platform(CounterSQL.giveBack(count, allotment.day, counter))
    }

    /// Today's usage.
    package func usage(of counter: DailyCounter) throws(DatabaseError) -> Usage {
        guard let row = try connection.platform(CounterSQL.usage(of: counter))[0].first else {
            return Usage(used: 0, cap: counter.cap)
        }
        return try Usage(row)
    }

    /// Moves finished days into the history, by each counter's time zone. It is safe to run twice
    /// or concurrently. A time zone or counter that fails does not stop the others.
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
