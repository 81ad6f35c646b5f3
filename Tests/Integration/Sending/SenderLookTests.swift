import Accounts
import Database
import FunctionContract
import Messages
import Sending
import Testing
import Work

/// A look for channels that the database does not answer in time.
@Suite(.ownThread)
struct SenderLookTests {
    private let database: MessagingDatabase
    private let owner: Connection
    private let provider: SimulatedProvider

    init() throws {
        database = try MessagingDatabase()
        owner = try database.connectAsOwner()
        provider = try SimulatedProvider()
    }

    /// A look fails when `condition` holds for its number, counted from 1, as if it took too long.
    private func failLooks(where condition: String) throws {
        try owner.run(
            script: """
                CREATE SEQUENCE relais.look;
                GRANT USAGE ON SEQUENCE relais.look TO relais_function;
                ALTER FUNCTION relais.take_turns RENAME TO take_turns_in_time;
                CREATE FUNCTION relais.take_turns(
                    most integer, held uuid[], free integer, more integer, resting uuid[]
                ) RETURNS TABLE (channel uuid, workspace uuid, due integer, wait double precision)
                    LANGUAGE plpgsql AS
                $$
                DECLARE look bigint := nextval('relais.look');
                BEGIN
                    IF \(condition) THEN
                        RAISE EXCEPTION 'too slow' USING ERRCODE = 'query_canceled';
                    END IF;
                    RETURN QUERY SELECT * FROM relais.take_turns_in_time($1, $2, $3, $4, $5);
                END
                $$;
                """
        )
    }

    private func tenant(writingTo contacts: Int, perSecond rate: Int) throws -> Tenant {
        let tenant = try Tenant(in: database, baseURL: provider.baseURL)
        try tenant.addContacts(contacts)
        let pacing = Accounts.Pacing(RateLimit(rate, per: .seconds(1), burst: 1))
        try tenant.write(on: try tenant.addChannels(1, at: provider.baseURL, pacing: pacing))
        return tenant
    }

    private var looks: Int {
        get throws {
            try owner.query("SELECT last_value AS count FROM relais.look")[0].get("count")
        }
    }

    /// Messages that a slow machine sends back wait for a look that succeeds.
    @Test("a look that takes too long ends no run: the channels in hand go on")
    func goesOn() throws {
        try failLooks(where: "look > 1")
        let tenant = try tenant(writingTo: 300, perSecond: 100)
        // On a busy machine no message misses its window.
        var limits = SendLimits()
        limits.lateness = .seconds(60)
        let summary = try RunningSender(on: database, for: .seconds(400), limits).summary()
        #expect(summary.problems.contains { $0.contains("too slow") })
        #expect(summary.accepted == 300 || summary.remaining > 0)
        try owner.run(
            script: """
                DROP FUNCTION relais.take_turns;
                ALTER FUNCTION relais.take_turns_in_time RENAME TO take_turns;
                """
        )
        _ = try RunningSender(on: database, for: .seconds(400), limits).summary()
        #expect(try tenant.statuses() == [.accepted: 300])
    }

    @Test("after a look that took too long another finds the channels that are left")
    func looksAgain() throws {
        try failLooks(where: "look = 2")
        let tenant = try tenant(writingTo: 400, perSecond: 5)
        let sender = RunningSender(on: database, for: .seconds(400))
        try database.waitUntil("a failed look") { try looks >= 2 }
        let other = try tenant.addChannels(1, at: provider.baseURL)
        try tenant.write(on: other)
        try database.waitUntil("the messages of a channel that came later") {
            try tenant.count(
                "SELECT FROM relais.message WHERE channel = $1 AND status = 'accepted'",
                .uuid(other[0])
            ) == 400
        }
        try tenant.pauseChannels()
        _ = try sender.summary()
    }

    @Test("a database that answers no look at all is an error")
    func neverAnswers() throws {
        try failLooks(where: "true")
        try owner.run(
            script: """
                CREATE OR REPLACE FUNCTION relais.messages_to_send(
                    most integer, others_than uuid[]
                ) RETURNS bigint LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'too slow' USING ERRCODE = 'query_canceled'; END $$;
                """
        )
        let sender = RunningSender(on: database, for: .seconds(400))
        #expect(throws: DatabaseError.self) { _ = try sender.summary() }
    }
}
