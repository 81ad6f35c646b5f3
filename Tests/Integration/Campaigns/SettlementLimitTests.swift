import Accounts
import Campaigns
import Database
import Messages
import Testing

/// More is to be settled than one transaction settles.
@Suite(.ownThread)
struct SettlementLimitTests {
    private static let count = 6_000

    @Test("However many messages are unknown, each gets what its own campaign asks for")
    func policies() throws {
        let database = try PlatformDatabase()
        let tenant = try Tenant(in: MessagingDatabase(database))
        let owner = Connection(database.ownerURL)
        for policy in ["park", "retry_once"] {
            try owner.run(
                script: """
                    SET session_replication_role = replica;
                    INSERT INTO relais.campaign (id, workspace, channel, name, message_1,
                        unknown_policy, status)
                    SELECT md5('\(policy)')::uuid, '\(tenant.workspace)', '\(tenant.channel.id)',
                        '\(policy)', 'x', '\(policy)', 'running';
                    INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                        recipient_kind, recipient, body, status)
                    SELECT md5('\(policy)' || n)::uuid, '\(tenant.workspace)',
                        '\(tenant.channel.id)', md5('\(policy)')::uuid, md5('p' || n)::uuid, 1,
                        'phone', '+22990000000', 'x', 'unknown'
                    FROM generate_series(1, \(Self.count)) AS n;
                    INSERT INTO relais.outbox (message, workspace, lane, priority, due_at, state,
                        attempt, lease_until)
                    SELECT md5('\(policy)' || n)::uuid, '\(tenant.workspace)',
                        md5('\(policy)')::uuid, 2, now(), 'unknown', 1, now() - interval '1 minute'
                    FROM generate_series(1, \(Self.count)) AS n;
                    """
            )
        }
        let clock = CampaignClock(database.connect())
        let settlement = try clock.settle(until: .now + .seconds(6_000)).settlement
        #expect(settlement.parked == Self.count && settlement.resent == Self.count)
        for (policy, state) in [("park", "parked"), ("retry_once", "ready")] {
            let count = try database.count(
                "SELECT count(*) FROM relais.outbox WHERE lane = md5($1)::uuid AND state = $2",
                .text(policy),
                .text(state)
            )
            #expect(count == Self.count, "\(policy)")
        }
    }
}
