import Database
import FunctionContract
import Messages
import Testing
import Work

/// The fold of the message counts, beside a row that cannot be folded.
@Suite(.ownThread)
struct FoldTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    @Test("a row that cannot be folded stops nobody else's figures, and its own are still right")
    func poisoned() throws {
        let database = try MessagingDatabase()
        let owner = try database.connectAsOwner()
        let tenants = try (0..<3).map { _ in try Tenant(in: database) }
        let campaigns = try tenants.map { tenant in
            try tenant.addContacts(2)
            return try tenant.start()
        }
        try owner.run(
            script: """
                CREATE FUNCTION relais.poison() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$;
                CREATE TRIGGER poison BEFORE INSERT ON relais.campaign_count
                FOR EACH ROW WHEN (NEW.campaign = '\(campaigns[1])')
                EXECUTE FUNCTION relais.poison();
                """
        )
        for round in 0..<2 {
            let sweep = try MessageCounts(database.connect()).fold(until: soon)
            #expect(sweep.count == (round == 0 ? 2 : 0))
            #expect(sweep.problems.count == 1)
            #expect(sweep.problems[0].contains("\(tenants[1].workspace): poisoned"))
            let left = try owner.query("SELECT DISTINCT workspace FROM relais.message_move")
            #expect(
                try left.map { try $0.get("workspace", as: UUID.self) }
                    == [tenants[1].workspace]
            )
            for (tenant, campaign) in zip(tenants, campaigns) {
                #expect(try tenant.statuses(of: campaign) == [.queued: 2])
            }
        }
        try owner.query("DROP TRIGGER poison ON relais.campaign_count")
        #expect(try MessageCounts(database.connect()).fold(until: soon).problems.isEmpty)
        #expect(try owner.query("SELECT FROM relais.message_move").isEmpty)
    }
}
