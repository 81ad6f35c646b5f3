-- The queues that are no tasks: how much of what waits in them can be done now, and when there will
-- be more. Whoever calls functions asks this and needs to know nothing of what the work is about.
--
-- Like everything that the platform asks across workspaces, these read the large tables as their
-- owner, tell ids, numbers and times alone, and answer nobody but the platform. The work is looked
-- up lane by lane in subqueries with a limit: a join would be planned by what is known of a table
-- that a campaign has just filled, and that is nothing. Each is ordered as the index is: without
-- that, lanes that are empty were read from the table, all of it for each (measured with 100,000
-- messages, 500 channels and good statistics: 12 s, and 10 ms so).

-- Channels with something to send, now or later.
--
--   due       messages that are due, counted up to `most`
--   room      how many of them the channel's rate, its day and its workspace's month let go now
--   opens_at  from when anything may go; infinity when only a person or the next month can tell
--   since     since when the oldest of them could have gone
--   next_due  when the next message falls due
CREATE FUNCTION relais.channel_prospects(most integer)
    RETURNS TABLE (
        channel uuid, workspace uuid, due integer, room integer, opens_at timestamptz,
        since timestamptz, next_due timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH lane AS MATERIALIZED (
        SELECT open.channel, open.id
        FROM (
            SELECT channel.id AS channel, channel.id FROM relais.channel
            WHERE channel.status = 'active'
            UNION ALL
            SELECT campaign.channel, campaign.id FROM relais.campaign
            JOIN relais.channel ON channel.id = campaign.channel AND channel.status = 'active'
            WHERE campaign.status = 'running'
        ) AS open
        CROSS JOIN LATERAL (
            SELECT FROM relais.outbox
            WHERE outbox.lane = open.id AND outbox.lease_until IS NULL
            ORDER BY outbox.priority, outbox.due_at LIMIT 1
        ) AS waiting
    ), work AS MATERIALIZED (
        SELECT lane.channel, least(sum(now.due), most)::integer AS due, min(now.since) AS since,
            min(later.next_due) AS next_due
        FROM lane
        CROSS JOIN LATERAL (
            SELECT count(*) AS due, min(message.due_at) AS since
            FROM (
                SELECT first.due_at
                FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS class (priority)
                CROSS JOIN LATERAL (
                    SELECT outbox.due_at FROM relais.outbox
                    WHERE outbox.lane = lane.id AND outbox.priority = class.priority
                        AND outbox.lease_until IS NULL
                        AND outbox.due_at <= statement_timestamp()
                    ORDER BY outbox.due_at LIMIT most
                ) AS first
                LIMIT most
            ) AS message
        ) AS now
        CROSS JOIN LATERAL (
            SELECT min(first.due_at) AS next_due
            FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS class (priority)
            CROSS JOIN LATERAL (
                SELECT outbox.due_at FROM relais.outbox
                WHERE outbox.lane = lane.id AND outbox.priority = class.priority
                    AND outbox.lease_until IS NULL AND outbox.due_at > statement_timestamp()
                ORDER BY outbox.due_at LIMIT 1
            ) AS first
        ) AS later
        GROUP BY lane.channel
    )
    SELECT channel.id, channel.workspace, work.due,
        least(tokens.count, allowance.day, allowance.month)::integer,
        CASE
            WHEN allowance.month <= 0 THEN 'infinity'
            ELSE greatest(pace.held_until, tokens.at,
                relais.quiet_end(statement_timestamp(), channel.quiet_from, channel.quiet_until,
                    channel.timezone),
                CASE WHEN allowance.day <= 0
                    THEN (allowance.today + 1)::timestamp AT TIME ZONE channel.timezone END)
        END,
        greatest(work.since, pace.held_until, tokens.at), work.next_due
    FROM work
    JOIN relais.channel ON channel.id = work.channel
    JOIN relais.workspace ON workspace.id = channel.workspace
    JOIN relais.channel_state AS pace ON pace.channel = channel.id
    LEFT JOIN relais.rate_bucket AS bucket ON bucket.key = 'channel:' || channel.id
    CROSS JOIN LATERAL (
        SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now,
            bucket.theoretical_arrival - (bucket.burst - 1) * bucket.interval_us AS first
    ) AS clock
    -- As relais.take_tokens counts them. A channel without a bucket gets one from its sender.
    CROSS JOIN LATERAL (
        SELECT coalesce(CASE WHEN clock.first > clock.now THEN 0
            ELSE least(bucket.burst, (clock.now - clock.first) / bucket.interval_us + 1)
            END, 1) AS count,
            'epoch'::timestamptz + clock.first * interval '1 microsecond' AS at
    ) AS tokens
    CROSS JOIN LATERAL (
        SELECT today,
            channel.daily_cap - coalesce((
                SELECT counter.used FROM relais.counter
                WHERE counter.key = 'channel:' || channel.id AND counter.day = today
            ), 0) AS day,
            workspace.monthly_message_quota - coalesce((
                SELECT period.used FROM relais.quota_period AS period
                WHERE period.workspace = workspace.id AND period.starts_on = relais.period_start(
                    (statement_timestamp() AT TIME ZONE workspace.timezone)::date,
                    workspace.quota_renews_on)
            ), 0) AS month
        FROM (
            SELECT (statement_timestamp() AT TIME ZONE channel.timezone)::date AS today
        ) AS calendar
    ) AS allowance;
END;

-- Channels that may send something within the next minute: how much is due, how much of it may go
-- at once, and the seconds until then.
DROP FUNCTION relais.channels_with_work(integer, integer);
CREATE FUNCTION relais.channels_with_work(most integer, channels integer)
    RETURNS TABLE (
        channel uuid, workspace uuid, due integer, room integer, wait double precision
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT prospect.channel, prospect.workspace, prospect.due, prospect.room, hold.wait
    FROM relais.channel_prospects(most) AS prospect
    CROSS JOIN LATERAL (
        SELECT greatest(0, extract(
            epoch FROM prospect.opens_at - statement_timestamp())::float8) AS wait
    ) AS hold
    WHERE relais.is_platform() AND prospect.due > 0
        AND prospect.opens_at < statement_timestamp() + interval '1 minute'
    ORDER BY hold.wait, random()
    LIMIT channels;
END;

-- Channels whose webhooks wait, and until when the first in line is held by somebody.
CREATE FUNCTION relais.inbox_lines()
    RETURNS TABLE (channel uuid, held_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH RECURSIVE line (channel) AS (
        (SELECT inbox.channel FROM relais.webhook_inbox AS inbox
        WHERE inbox.state = 'received' ORDER BY inbox.channel LIMIT 1)
        UNION ALL
        SELECT (
            SELECT inbox.channel FROM relais.webhook_inbox AS inbox
            WHERE inbox.state = 'received' AND inbox.channel > line.channel
            ORDER BY inbox.channel LIMIT 1)
        FROM line WHERE line.channel IS NOT NULL
    )
    SELECT line.channel, head.lease_until
    FROM line
    CROSS JOIN LATERAL (
        SELECT inbox.lease_until FROM relais.webhook_inbox AS inbox
        WHERE inbox.state = 'received' AND inbox.channel = line.channel
        ORDER BY inbox.received_at, inbox.id LIMIT 1
    ) AS head;
END;

-- How many calls would find work in each queue, and when more of it falls due.
--
--   send     messages
--   inbound  webhooks
--   settle   messages whose sender died, or of which nobody heard for too long
--
-- A sender has some 400 messages on their way at once; a reader takes a channel's line for itself.
-- What could have gone for two seconds is out of sight of those who work: it asks for one more, and
-- for another every two seconds.
CREATE FUNCTION relais.queues_to_call()
    RETURNS TABLE (queue text, calls integer, next_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT 'send',
        (coalesce(ceil(sum(least(due, room)) FILTER (WHERE is_open) / 400.0), 0)
            + least(100, coalesce(floor(extract(epoch FROM
                statement_timestamp() - min(since) FILTER (WHERE is_open)) / 2), 0)))::integer,
        nullif(min(CASE
            WHEN due > 0 AND opens_at > statement_timestamp() THEN opens_at
            WHEN next_due IS NOT NULL THEN greatest(next_due, opens_at)
            END), 'infinity')
    FROM relais.channel_prospects(400)
    CROSS JOIN LATERAL (
        SELECT due > 0 AND opens_at <= statement_timestamp() AS is_open
    ) AS gate
    HAVING relais.is_platform()
    UNION ALL
    SELECT 'inbound', (line.free + again.free)::integer, least(line.next_at, again.next_at)
    FROM (
        SELECT count(*) FILTER (WHERE held_until IS NULL OR held_until <= statement_timestamp())
                AS free,
            min(held_until) FILTER (WHERE held_until > statement_timestamp()) AS next_at
        FROM relais.inbox_lines()
    ) AS line
    CROSS JOIN (
        SELECT count(*) FILTER (WHERE lease_until <= statement_timestamp()) AS free,
            min(lease_until) FILTER (WHERE lease_until > statement_timestamp()) AS next_at
        FROM (
            SELECT inbox.lease_until FROM relais.webhook_inbox AS inbox
            WHERE inbox.state = 'delayed' ORDER BY inbox.lease_until LIMIT 100
        ) AS first
    ) AS again
    WHERE relais.is_platform()
    UNION ALL
    SELECT 'settle', least(past.count, 1)::integer, lease.next_at
    FROM (
        SELECT count(*) AS count FROM (
            SELECT FROM relais.outbox WHERE outbox.lease_until <= statement_timestamp()
            ORDER BY outbox.lease_until LIMIT 1
        ) AS first
    ) AS past
    CROSS JOIN (
        SELECT min(first.lease_until) AS next_at FROM (
            SELECT outbox.lease_until FROM relais.outbox
            WHERE outbox.lease_until > statement_timestamp() AND outbox.lease_until < 'infinity'
            ORDER BY outbox.lease_until LIMIT 1
        ) AS first
    ) AS lease
    WHERE relais.is_platform();
END;

-- How each queue stands, for people.
--
--   ready    can be done now
--   leased   somebody has it in hand
--   waiting  is not due yet, or held back by its channel's pace, hours and limits, or paused
--   since    since when the oldest that is ready could have been done
--
-- Counted up to `most` of what is there.
CREATE FUNCTION relais.queue_backlogs(most integer)
    RETURNS TABLE (
        queue text, ready integer, leased integer, waiting integer, is_capped boolean,
        since timestamptz, next_at timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT call.queue, stand.ready::integer, stand.leased::integer,
        greatest(stand.unleased - stand.ready, 0)::integer,
        greatest(stand.leased, stand.unleased) >= most, stand.since, call.next_at
    FROM relais.queues_to_call() AS call
    JOIN (
        SELECT 'send' AS queue, coalesce(open.ready, 0) AS ready, open.since,
            (SELECT count(*) FROM (
                SELECT FROM relais.outbox WHERE outbox.lease_until IS NULL LIMIT most
            ) AS message) AS unleased,
            (SELECT count(*) FROM (
                SELECT FROM relais.outbox
                WHERE outbox.lease_until > statement_timestamp()
                    AND outbox.lease_until < 'infinity' AND outbox.state = 'sending'
                LIMIT most
            ) AS message) AS leased
        FROM (
            SELECT sum(least(due, room)) AS ready, min(since) AS since
            FROM relais.channel_prospects(most)
            WHERE due > 0 AND opens_at <= statement_timestamp()
        ) AS open
        UNION ALL
        SELECT 'inbound', count(*) FILTER (WHERE is_ready),
            min(received_at) FILTER (WHERE is_ready),
            count(*) FILTER (WHERE is_ready OR state = 'delayed'),
            count(*) FILTER (WHERE NOT is_ready AND state = 'received')
        FROM (
            SELECT inbox.state, inbox.received_at,
                coalesce(inbox.lease_until <= statement_timestamp(), true) AS is_ready
            FROM relais.webhook_inbox AS inbox
            WHERE inbox.state IN ('received', 'delayed') LIMIT most
        ) AS webhook
    ) AS stand USING (queue)
    WHERE relais.is_platform();
END;

REVOKE EXECUTE ON FUNCTION relais.channel_prospects, relais.channels_with_work, relais.inbox_lines,
    relais.queues_to_call, relais.queue_backlogs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.channels_with_work, relais.queues_to_call, relais.queue_backlogs
    TO relais_function;
