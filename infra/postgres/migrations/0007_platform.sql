-- What the platform may ask across workspaces: where there is work, by ids, and nothing of what the
-- work is about. The large tables stay closed to it. Each function reads them as their owner, and
-- answers nobody but the platform.

-- Active channels with messages that are due, how many, counted up to `most`, and the seconds until
-- the channel may send. One probe of the index for each lane and priority.
CREATE FUNCTION relais.channels_with_work(most integer, channels integer)
    RETURNS TABLE (channel uuid, workspace uuid, due integer, wait double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT channel.id, channel.workspace, work.due, hold.wait
    FROM relais.channel
    JOIN relais.channel_state ON channel_state.channel = channel.id
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN held_until <= statement_timestamp() THEN 0
            WHEN held_until > statement_timestamp() + interval '1 day' THEN 86400
            ELSE extract(epoch FROM held_until - statement_timestamp())::float8
            END AS wait
    ) AS hold
    CROSS JOIN LATERAL (
        SELECT count(*)::integer AS due
        FROM (
            SELECT
            FROM (
                SELECT channel.id AS id
                UNION ALL
                SELECT campaign.id FROM relais.campaign
                WHERE campaign.channel = channel.id AND campaign.status = 'running'
            ) AS lane
            CROSS JOIN (VALUES (0::smallint), (1::smallint), (2::smallint)) AS class (priority)
            CROSS JOIN LATERAL (
                SELECT FROM relais.outbox
                WHERE outbox.lane = lane.id AND outbox.priority = class.priority
                    AND outbox.lease_until IS NULL AND outbox.due_at <= statement_timestamp()
                LIMIT most
            ) AS message
            LIMIT most
        ) AS found
    ) AS work
    WHERE relais.is_platform() AND channel.status = 'active' AND work.due > 0
        AND relais.quiet_end(statement_timestamp(), channel.quiet_from, channel.quiet_until,
            channel.timezone) IS NULL
    ORDER BY hold.wait, random()
    LIMIT channels;
END;

-- Workspaces in which a lease ran out or a time of grace is over, or a status found no message.
CREATE FUNCTION relais.workspaces_to_settle()
    RETURNS TABLE (workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT DISTINCT found.workspace
    FROM (
        SELECT outbox.workspace FROM relais.outbox
        WHERE outbox.lease_until <= statement_timestamp()
        UNION ALL
        SELECT orphan_status.workspace FROM relais.orphan_status
    ) AS found
    WHERE relais.is_platform();
END;

-- Campaigns whose hour has come.
CREATE FUNCTION relais.campaigns_to_start(most integer)
    RETURNS TABLE (campaign uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT campaign.id, campaign.workspace FROM relais.campaign
    WHERE relais.is_platform() AND campaign.status = 'scheduled'
        AND campaign.scheduled_at <= statement_timestamp()
    ORDER BY campaign.scheduled_at
    LIMIT most;
END;

-- Workspaces that have a campaign under way.
CREATE FUNCTION relais.workspaces_with_campaigns()
    RETURNS TABLE (workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT DISTINCT campaign.workspace FROM relais.campaign
    WHERE relais.is_platform() AND campaign.status = 'running';
END;

-- Where a tracked link leads and whose it is: all that is known of it is in its address.
CREATE FUNCTION relais.link_target(sought uuid, place smallint)
    RETURNS TABLE (workspace uuid, campaign uuid, contact uuid, url text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT message.workspace, message.campaign, message.contact, link.url
    FROM relais.message
    JOIN relais.link ON link.workspace = message.workspace AND link.campaign = message.campaign
        AND link.position = place
    WHERE relais.is_platform() AND message.id = sought;
END;

REVOKE EXECUTE ON FUNCTION relais.channels_with_work, relais.workspaces_to_settle,
    relais.campaigns_to_start, relais.workspaces_with_campaigns, relais.link_target FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.channels_with_work, relais.workspaces_to_settle,
    relais.campaigns_to_start, relais.workspaces_with_campaigns, relais.link_target
    TO relais_function;
