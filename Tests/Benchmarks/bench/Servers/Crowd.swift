import Database
import FunctionContract
import Measurement
import Messages
import Work

/// Tenants who flood the platform, each with the same share of the flood.
struct Crowd {
    private let tenants: [Tenant]
    private let owner: Connection
    private let relais: String

    /// Adds so many tenants beside a quiet one. Together they send no faster than `perSecond`.
    init(
        of count: Int,
        beside quiet: Tenant,
        in relais: borrowing Relais,
        provider: String = Tenant.noProvider,
        perSecond: Int = 1000
    ) throws(Failure) {
        var tenants: [Tenant] = []
        let pacing = RateLimit(interval: .seconds(1) / perSecond * max(1, count), burst: 8)
        for _ in 0..<count {
            tenants.append(
                try Tenant(in: relais, provider: provider, pacing: pacing, sharing: quiet)
            )
        }
        self.tenants = tenants
        self.relais = relais.postgres.functionURL
        owner = quiet.owner
    }

    /// People write to the tenants: so many webhooks wait to be read.
    func floodInbox(_ count: Int) throws(Failure) {
        let body = MetaText(person: "PERSON", id: "wamid.MESSAGE", text: "Bonjour").body
        try flood(
            """
            INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body)
            SELECT uuidv7(), workspace, channel, 'meta', 'flood ' || number,
                convert_to(replace(replace($4, 'PERSON', '22891' || 100000 + number % 500000),
                    'MESSAGE', number::text), 'UTF8')
            FROM unnest($1, $2) WITH ORDINALITY AS tenant (workspace, channel, place)
            JOIN generate_series(1, $3) AS number ON number % cardinality($1) = place - 1
            """,
            .int(count),
            .text(body)
        )
    }

    /// Each tenant has a campaign, and all of them have so many messages to send.
    func floodOutbox(_ count: Int) throws(Failure) {
        if tenants.isEmpty { return }
        try flood(
            """
            WITH campaign AS (
                INSERT INTO relais.campaign
                    (id, workspace, channel, name, message_1, status, started_at)
                SELECT uuidv7(), workspace, channel, 'Bench', 'Bonjour', 'running', now()
                FROM unnest($1, $2) AS tenant (workspace, channel)
                RETURNING id, workspace, channel
            ), contact AS (
                INSERT INTO relais.contact (workspace, id, phone, whatsapp_verified)
                SELECT workspace, uuidv7(), '+22891' || 100000 + number, true
                FROM campaign CROSS JOIN generate_series(1, $3) AS number
                RETURNING workspace, id, phone
            ), message AS (
                INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                    recipient_kind, recipient, body)
                SELECT uuidv7(), workspace, channel, campaign.id, contact.id, 1, 'phone', phone,
                    'Bonjour'
                FROM campaign JOIN contact USING (workspace)
                RETURNING *
            )
            \(Enqueue.messages(from: "message"))
            """,
            .int(count / tenants.count)
        )
    }

    /// So many tasks of a queue wait.
    func floodTasks(_ count: Int, _ queue: String) throws(Failure) {
        if tenants.isEmpty { return }
        try database { () throws(DatabaseError) in
            let tasks = Tasks(Connection(relais))
            for first in stride(from: 0, to: count, by: Relais.tasksInStatement) {
                try tasks.enqueue(
                    (first..<min(count, first + Relais.tasksInStatement)).map { number in
                        let tenant = tenants[number % tenants.count]
                        return NewTask(queue: queue, kind: "flood", workspace: tenant.workspace)
                    }
                )
            }
        }
    }

    /// How much of a flood waits in a table; a wait beside a flood that has ended says nothing.
    func waiting(in rows: String) throws(Failure) -> Int {
        try database { () throws(DatabaseError) in
            try owner.query(
                "SELECT count(*) AS count FROM \(rows) AND workspace = ANY ($1)",
                .uuids(tenants.map(\.workspace))
            )[0].get("count")
        }
    }

    private func flood(_ sql: String, _ parameters: Parameter...) throws(Failure) {
        if tenants.isEmpty { return }
        let places: [Parameter] = [
            .uuids(tenants.map(\.workspace)), .uuids(tenants.map(\.channel)),
        ]
        try database { () throws(DatabaseError) in
            _ = try owner.query(Statement(sql, places + parameters))
            // A table that grew this fast has no statistics yet; autovacuum brings them in time.
            _ = try owner.query("ANALYZE")
        }
    }
}
