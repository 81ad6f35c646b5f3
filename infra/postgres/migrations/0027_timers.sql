-- What the timers look for. Each look costs what is due, not what exists: it is a step down an index
-- for each thing that may be due. None returns what already waits as a task, so that one which
-- cannot be done keeps nobody else out of the first hundred.

-- What is in hand or unknown, by campaign or channel; `infinity` is parked. Whether a campaign has
-- ended, and whether a receipt of an unknown message may be ours, are one step down it.
CREATE INDEX outbox_taken ON relais.outbox (lane, lease_until) WHERE lease_until IS NOT NULL;

-- The same by workspace: settling one reads nothing of the others.
CREATE INDEX outbox_settle ON relais.outbox (workspace, lease_until) WHERE lease_until IS NOT NULL;

-- The campaigns of a channel that have not ended, or ended lately.
CREATE INDEX campaign_channel ON relais.campaign (channel, completed_at);

-- Numbers that nobody has asked for yet.
CREATE INDEX contact_unverified ON relais.contact (workspace, id) WHERE whatsapp_verified IS NULL;

-- Campaigns whose hour has come and that nobody starts yet.
CREATE OR REPLACE FUNCTION relais.campaigns_to_start(most integer)
    RETURNS TABLE (campaign uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT campaign.id, campaign.workspace FROM relais.campaign
    WHERE relais.is_platform() AND campaign.status = 'scheduled'
        AND campaign.scheduled_at <= statement_timestamp()
        AND (
            SELECT count(*) FROM relais.task
            WHERE task.queue = 'campaigns' AND task.dedupe_key = 'start ' || campaign.id
        ) = 0
    ORDER BY campaign.scheduled_at
    LIMIT most;
END;

-- Campaigns under way with nothing left to send or to settle, which nobody completes yet.
--
-- The subqueries are scalar on purpose. As NOT EXISTS they would be planned as joins by what is
-- known of a table that a campaign has just filled, and that is nothing.
CREATE FUNCTION relais.campaigns_to_complete(most integer)
    RETURNS TABLE (campaign uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT campaign.id, campaign.workspace FROM relais.campaign
    WHERE relais.is_platform() AND campaign.status = 'running'
        AND (
            SELECT count(*) FROM (
                SELECT FROM relais.outbox
                WHERE outbox.lane = campaign.id AND outbox.lease_until IS NULL
                ORDER BY outbox.priority, outbox.due_at LIMIT 1
            ) AS waiting
        ) = 0
        AND (
            SELECT count(*) FROM (
                SELECT FROM relais.outbox
                WHERE outbox.lane = campaign.id AND outbox.lease_until < 'infinity'
                ORDER BY outbox.lease_until LIMIT 1
            ) AS taken
        ) = 0
        AND (
            SELECT count(*) FROM relais.task
            WHERE task.queue = 'campaigns' AND task.dedupe_key = 'complete ' || campaign.id
        ) = 0
    LIMIT most;
END;

DROP FUNCTION relais.workspaces_with_campaigns();

-- Workspaces in which a lease ran out, a time of grace is over, or a status waits for its message.
CREATE OR REPLACE FUNCTION relais.workspaces_to_settle()
    RETURNS TABLE (workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH RECURSIVE taken (workspace) AS (
        (SELECT outbox.workspace FROM relais.outbox
        WHERE outbox.lease_until IS NOT NULL ORDER BY outbox.workspace LIMIT 1)
        UNION ALL
        SELECT (
            SELECT outbox.workspace FROM relais.outbox
            WHERE outbox.lease_until IS NOT NULL AND outbox.workspace > taken.workspace
            ORDER BY outbox.workspace LIMIT 1)
        FROM taken WHERE taken.workspace IS NOT NULL
    ), told (workspace) AS (
        (SELECT orphan_status.workspace FROM relais.orphan_status
        ORDER BY orphan_status.workspace LIMIT 1)
        UNION ALL
        SELECT (
            SELECT orphan_status.workspace FROM relais.orphan_status
            WHERE orphan_status.workspace > told.workspace
            ORDER BY orphan_status.workspace LIMIT 1)
        FROM told WHERE told.workspace IS NOT NULL
    )
    SELECT taken.workspace
    FROM taken
    CROSS JOIN LATERAL (
        SELECT FROM relais.outbox
        WHERE outbox.workspace = taken.workspace AND outbox.lease_until <= statement_timestamp()
        ORDER BY outbox.lease_until LIMIT 1
    ) AS due
    WHERE relais.is_platform()
    UNION
    SELECT told.workspace FROM told
    WHERE relais.is_platform() AND told.workspace IS NOT NULL;
END;

-- Active channels of these providers whose workspace has a number that nobody has asked for, and
-- that no task asks for yet.
CREATE FUNCTION relais.channels_to_verify(providers text[])
    RETURNS TABLE (channel uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT channel.id, channel.workspace FROM relais.channel
    WHERE relais.is_platform() AND channel.status = 'active'
        AND channel.provider = ANY (providers)
        AND (
            SELECT count(*) FROM (
                SELECT FROM relais.contact
                WHERE contact.workspace = channel.workspace AND contact.whatsapp_verified IS NULL
                ORDER BY contact.id LIMIT 1
            ) AS unverified
        ) > 0
        AND (
            SELECT count(*) FROM relais.task
            WHERE task.queue = 'verify' AND task.dedupe_key = channel.id::text
        ) = 0;
END;

-- Whether the channel has a message in hand, or one of which nobody knows whether it went out. Only
-- then may a receipt of a message that we do not know be about one of ours.
CREATE FUNCTION relais.awaits_names(sought uuid)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT (SELECT relais.sees_workspace()) AND EXISTS (
        SELECT
        FROM (
            SELECT sought AS id
            UNION ALL
            SELECT campaign.id FROM relais.campaign
            WHERE campaign.channel = sought
                AND (campaign.completed_at IS NULL
                    OR campaign.completed_at > statement_timestamp() - interval '1 hour')
                AND campaign.workspace = (SELECT relais.current_workspace())
        ) AS lane
        CROSS JOIN LATERAL (
            SELECT FROM relais.outbox
            WHERE outbox.lane = lane.id AND outbox.lease_until < 'infinity'
                AND outbox.workspace = (SELECT relais.current_workspace())
            ORDER BY outbox.lease_until LIMIT 1
        ) AS taken
    );
END;

REVOKE EXECUTE ON FUNCTION relais.campaigns_to_complete, relais.channels_to_verify,
    relais.awaits_names FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.campaigns_to_complete, relais.channels_to_verify,
    relais.awaits_names TO relais_function;
