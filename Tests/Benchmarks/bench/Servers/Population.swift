import Measurement

/// The past of a platform that has been used for long: how many rows of each kind.
struct Population {
    var workspaces: Int
    /// Each in a workspace of its own. One of four is paused, and its messages are due.
    var channels: Int
    var campaigns: Int
    var contacts: Int
    /// Old messages, all read.
    var messages: Int
    /// Of the messages: those that wait in the outbox.
    var waiting: Int
    /// Receipts of messages that are not ours.
    var strangers: Int

    init(_ plan: Plan) {
        let scale = plan.isSmoke ? 1000 : 1
        workspaces = plan.isSmoke ? 20 : 500
        channels = plan.isSmoke ? 8 : 200
        campaigns = 10 * channels
        contacts = 1_000_000 / scale
        messages = 5_000_000 / scale
        waiting = 50 * channels
        strangers = 100_000 / scale
    }

    /// Makes all rows. Their ids grow as those of real rows do, and are older than any.
    var script: String {
        """
        SET session_replication_role = replica;
        SET synchronous_commit = off;
        CREATE FUNCTION pg_temp.key(kind integer, number bigint) RETURNS uuid
            LANGUAGE sql IMMUTABLE RETURN (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-'
                || lpad(to_hex(number), 12, '0'))::uuid;
        INSERT INTO relais.workspace (id, name)
        SELECT pg_temp.key(1, n), 'w' FROM generate_series(0, \(workspaces - 1)) AS n;
        INSERT INTO relais.channel (id, workspace, name, provider, base_url, external_id, access,
            webhook, interval_us, burst, daily_cap, timezone, status)
        SELECT pg_temp.key(2, n), pg_temp.key(1, n), 'c', 'meta', 'http://127.0.0.1:9', n::text,
            '', '', 1000, 1, 1000, 'UTC', CASE n % 4 WHEN 0 THEN 'paused' ELSE 'active' END
        FROM generate_series(0, \(channels - 1)) AS n;
        INSERT INTO relais.channel_state (channel, workspace) SELECT id, workspace
        FROM relais.channel;
        INSERT INTO relais.campaign (id, workspace, channel, name, message_1, status, created_at,
            completed_at)
        SELECT pg_temp.key(3, n), pg_temp.key(1, n % \(channels)), pg_temp.key(2, n % \(channels)),
            'k', 'x', CASE WHEN n < \(channels) THEN 'running' ELSE 'completed' END,
            now() - interval '30 days',
            CASE WHEN n >= \(channels) THEN now() - interval '29 days' END
        FROM generate_series(0, \(campaigns - 1)) AS n;
        INSERT INTO relais.contact (workspace, id, phone, whatsapp_verified, opted_in_at)
        SELECT pg_temp.key(1, n % \(channels)), pg_temp.key(4, n), '+229' || 10000000 + n, true,
            now() - interval '60 days'
        FROM generate_series(0, \(contacts - 1)) AS n;
        INSERT INTO relais.message (id, workspace, channel, campaign, contact, step, recipient_kind,
            recipient, body, status, attempts, created_at, accepted_at, delivered_at, read_at)
        SELECT pg_temp.key(5, n), pg_temp.key(1, p % \(channels)), pg_temp.key(2, p % \(channels)),
            pg_temp.key(3, n / \(contacts) * \(channels) + p % \(channels)), pg_temp.key(4, p), 1,
            'phone', '+229' || 10000000 + p, 'Bonjour Ama, la récolte de karité est arrivée.',
            (CASE WHEN n < \(waiting) THEN 'queued' ELSE 'read' END)::relais.message_status,
            CASE WHEN n < \(waiting) THEN 0 ELSE 1 END, past, past, past, past
        FROM generate_series(0, \(messages - 1)) AS n
        CROSS JOIN LATERAL (SELECT n % \(contacts) AS p, now() - interval '30 days' AS past) AS of;
        INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
        SELECT id, workspace, campaign, 2,
            now() + interval '1 day' * (channel.status = 'active')::integer
        FROM relais.message JOIN (SELECT id AS channel, status FROM relais.channel) AS channel
            USING (channel)
        WHERE message.status = 'queued';
        INSERT INTO relais.orphan_status (workspace, channel, provider_id, status, occurred_at)
        SELECT pg_temp.key(1, n % \(channels)), pg_temp.key(2, n % \(channels)), 'wamid.' || n,
            'read', now()
        FROM generate_series(0, \(strangers - 1)) AS n;
        """
    }
}
