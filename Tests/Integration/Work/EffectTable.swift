import Database
import FunctionContract
import Work

/// A table for what tasks did, written in the transaction that finishes them.
struct EffectTable {
    private let owner: Connection

    init(in database: WorkDatabase) throws {
        owner = try database.connectAsOwner()
        try owner.run(
            script: """
                CREATE TABLE effect (task uuid NOT NULL);
                GRANT SELECT, INSERT ON effect TO relais_function;
                """
        )
    }

    func count() throws(DatabaseError) -> Int {
        try owner.query("SELECT count(*) AS count FROM effect")[0].get("count")
    }

    func tasks() throws(DatabaseError) -> [UUID] {
        try owner.query("SELECT task FROM effect").column("task")
    }
}

extension Tasks {
    /// Claims one batch, and records its effects in the transaction that finishes it; nothing of it
    /// when a task was not held any more. Returns how many tasks were claimed.
    @discardableResult
    static func doBatch(
        of queue: String,
        limit: Int = 10,
        lease: Duration,
        front: inout ClaimFront,
        on connection: Connection,
        beforeFinish: (Transaction) throws(DatabaseError) -> Void = { _ in }
    ) throws(DatabaseError) -> Int {
        let claim = try Tasks(connection).claim(queue, limit: limit, lease: lease, front: &front)
        if claim.tasks.isEmpty { return 0 }
        try connection.transaction { (transaction) throws(DatabaseError) in
            try transaction.query(PlatformScope.statement)
            try transaction.query(
                "INSERT INTO effect (task) SELECT unnest($1)",
                .uuids(claim.tasks.map(\.id))
            )
            try beforeFinish(transaction)
            let outcomes = claim.tasks.map { TaskOutcome($0.lease, .done) }
            let settlement = try Tasks.finish(outcomes, in: transaction)
            if !settlement.stale.isEmpty { transaction.abandon() }
        }
        return claim.tasks.count
    }
}
