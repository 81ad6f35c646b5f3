-- Decides which channels send next.
--
-- A sender serves a limited number of channels at once, so channels take turns. The one that waited
-- longest goes first. A channel with an answer or a Message 2 to send counts as if it had waited a
-- minute longer. So no channel starves, however many there are, and none stays first.

ALTER TABLE relais.channel_state
    -- When a sender last gave the channel a place.
    ADD COLUMN served_at timestamptz NOT NULL DEFAULT '-infinity',
    -- How often in a row senders could not serve the channel: its row or secret is unreadable, or
    -- the database refuses the sender's writes. Each rest is twice as long as the last.
    ADD COLUMN obstacles smallint NOT NULL DEFAULT 0;

-- The time zone, or UTC if the server does not know it. A zone is checked when it is written, but a
-- later version of the server may know fewer. Then the day and the quiet hours of that channel go by
-- UTC; nobody else is affected.
CREATE FUNCTION relais.known_timezone(name text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN relais.is_timezone(name) THEN name ELSE 'UTC' END;

-- As in 0003, with a zone that the server knows.
CREATE OR REPLACE FUNCTION relais.quiet_end(
    moment timestamptz, quiet_from time, quiet_until time, timezone text
) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (
        SELECT CASE
            WHEN quiet_from < quiet_until AND at >= quiet_from AND at < quiet_until
                THEN (day + quiet_until) AT TIME ZONE zone
            WHEN quiet_from > quiet_until AND at >= quiet_from
                THEN (day + 1 + quiet_until) AT TIME ZONE zone
            WHEN quiet_from > quiet_until AND at < quiet_until
                THEN (day + quiet_until) AT TIME ZONE zone
        END
        FROM (SELECT relais.known_timezone(timezone) AS zone OFFSET 0) AS place
        CROSS JOIN LATERAL (
            SELECT (moment AT TIME ZONE zone)::date AS day, (moment AT TIME ZONE zone)::time AS at
        ) AS wall
    );

-- Returns the quota period of a day, given the latest period (NULL: none). Moving the renewal day
-- never leads back to a period before the latest. A period that begins within a month of the latest
-- carries over the latest period's usage.
CREATE FUNCTION relais.quota_standing(
    day date, renews_on integer, latest date, latest_carried integer, latest_used integer
)
    RETURNS TABLE (starts_on date, carried integer, used integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT greatest(calendar.start, latest),
        CASE
            WHEN latest IS NULL THEN 0
            WHEN latest >= calendar.start THEN latest_carried
            WHEN latest + interval '1 month' > day THEN latest_carried + latest_used
            ELSE 0
        END,
        CASE WHEN latest >= calendar.start THEN latest_used ELSE 0 END
    FROM (SELECT relais.period_start(day, renews_on) AS start) AS calendar;
END;

-- Returns the state of each channel that has messages to send, now or later. Every check for sender
-- work uses this function.
--
--   due        messages that are due, counted up to `most`
--   room       how many of them the channel's rate, its day and its workspace's month allow now
--   opens_at   when the channel may send; infinity if only a person or the next month changes it
--   since      when the oldest due message could first have gone
--   next_due   when the next message falls due
--   priority   the priority of the most urgent due message
--   served_at  when a sender last gave the channel a place
--
-- Subqueries with a limit look up the work lane by lane: see 0011_queues.sql.
CREATE FUNCTION relais.channel_standings(most integer)
    RETURNS TABLE (
        channel uuid, workspace uuid, due integer, room integer, opens_at timestamptz,
        since timestamptz, next_due timestamptz, priority smallint, served_at timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH lane AS MATERIALIZED (
        SELECT open.channel, open.workspace, open.id
        FROM (
            SELECT channel.id AS channel, channel.workspace, channel.id FROM relais.channel
            WHERE channel.status = 'active'
            UNION ALL
            SELECT campaign.channel, campaign.workspace, campaign.id FROM relais.campaign
            JOIN relais.channel ON channel.workspace = campaign.workspace
                AND channel.id = campaign.channel AND channel.status = 'active'
            WHERE campaign.status = 'running'
        ) AS open
        CROSS JOIN LATERAL (
            SELECT FROM relais.outbox
            WHERE outbox.workspace = open.workspace AND outbox.lane = open.id
                AND outbox.lease_until IS NULL
            ORDER BY outbox.priority, outbox.due_at LIMIT 1
        ) AS waiting
    ), work AS MATERIALIZED (
        SELECT lane.channel, least(sum(now.due), most)::integer AS due, min(now.since) AS since,
            min(now.priority) AS priority, min(later.next_due) AS next_due
        FROM lane
        CROSS JOIN LATERAL (
            SELECT count(*) AS due, min(message.due_at) AS since,
                min(message.priority) AS priority
            FROM (
                SELECT first.due_at, class.priority
                FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS class (priority)
                CROSS JOIN LATERAL (
                    SELECT outbox.due_at FROM relais.outbox
                    WHERE outbox.workspace = lane.workspace AND outbox.lane = lane.id
                        AND outbox.priority = class.priority AND outbox.lease_until IS NULL
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
                WHERE outbox.workspace = lane.workspace AND outbox.lane = lane.id
                    AND outbox.priority = class.priority AND outbox.lease_until IS NULL
                    AND outbox.due_at > statement_timestamp()
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
                    place.zone),
                CASE WHEN allowance.day <= 0
                    THEN (allowance.today + 1)::timestamp AT TIME ZONE place.zone END)
        END,
        greatest(work.since, pace.held_until, tokens.at), work.next_due, work.priority,
        pace.served_at
    FROM work
    JOIN relais.channel ON channel.id = work.channel
    JOIN relais.workspace ON workspace.id = channel.workspace
    JOIN relais.channel_state AS pace ON pace.channel = channel.id
    LEFT JOIN relais.rate_bucket AS bucket
        ON bucket.workspace = channel.workspace AND bucket.key = 'channel:' || channel.id
    CROSS JOIN LATERAL (
        SELECT relais.known_timezone(channel.timezone) AS zone,
            relais.known_timezone(workspace.timezone) AS zone_of_workspace
        OFFSET 0 -- Each zone is checked once.
    ) AS place
    CROSS JOIN LATERAL (
        SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now,
            bucket.theoretical_arrival - (bucket.burst - 1) * bucket.interval_us AS first
    ) AS clock
    -- Counted as relais.take_tokens does. A channel without a bucket gets one from its sender.
    CROSS JOIN LATERAL (
        SELECT coalesce(CASE WHEN clock.first > clock.now THEN 0
            ELSE least(bucket.burst, (clock.now - clock.first) / bucket.interval_us + 1)
            END, 1) AS count,
            'epoch'::timestamptz + clock.first * interval '1 microsecond' AS at
    ) AS tokens
    LEFT JOIN LATERAL (
        SELECT period.starts_on, period.carried, period.used FROM relais.quota_period AS period
        WHERE period.workspace = channel.workspace
        ORDER BY period.starts_on DESC LIMIT 1
    ) AS latest ON true
    -- Computed as senders do when they take from it.
    CROSS JOIN LATERAL relais.quota_standing(
        (statement_timestamp() AT TIME ZONE place.zone_of_workspace)::date,
        workspace.quota_renews_on::integer, latest.starts_on, latest.carried, latest.used
    ) AS period
    CROSS JOIN LATERAL (
        SELECT today,
            channel.daily_cap - coalesce((
                SELECT counter.used FROM relais.counter
                WHERE counter.workspace = channel.workspace
                    AND counter.key = 'channel:' || channel.id AND counter.day = today
            ), 0) AS day,
            workspace.monthly_message_quota - period.carried - period.used AS month
        FROM (
            SELECT (statement_timestamp() AT TIME ZONE place.zone)::date AS today
        ) AS calendar
    ) AS allowance;
END;

-- The same for callers that only start functions and do not serve channels.
CREATE OR REPLACE FUNCTION relais.channel_prospects(most integer)
    RETURNS TABLE (
        channel uuid, workspace uuid, due integer, room integer, opens_at timestamptz,
        since timestamptz, next_due timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT standing.channel, standing.workspace, standing.due, standing.room, standing.opens_at,
        standing.since, standing.next_due
    FROM relais.channel_standings(most) AS standing;
END;

-- Returns the state of the sender's own channels (`held`), and other channels whose turn it is. The
-- others are up to `free` channels that may send within a minute, and up to `more` that may send
-- within a second. The sender makes room for the latter. `resting` channels get no turn: the sender
-- cannot serve them for now.
--
-- Both kinds are marked as served. So another sender finds different ones, and a channel that was
-- held for long is last when it leaves. A channel whose row is locked at this moment is not waited
-- for and stays unmarked.
--
--   due   messages that are due, counted up to `most`
--   wait  the seconds until the channel may send
DROP FUNCTION relais.channels_with_work(integer, integer);
CREATE FUNCTION relais.take_turns(
    most integer, held uuid[], free integer, more integer, resting uuid[] DEFAULT '{}'
)
    RETURNS TABLE (channel uuid, workspace uuid, due integer, wait double precision)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH prospect AS MATERIALIZED (
        SELECT standing.channel, standing.workspace, standing.due, standing.priority,
            standing.served_at, standing.channel = ANY (held) AS is_held,
            extract(epoch FROM greatest(standing.opens_at, statement_timestamp())
                - statement_timestamp())::float8 AS wait
        FROM relais.channel_standings(most) AS standing
        WHERE relais.is_platform() AND standing.due > 0
            AND standing.opens_at < statement_timestamp() + interval '1 minute'
    ), line AS MATERIALIZED (
        -- Senders that look at the same time find the same order; the random part separates them.
        SELECT prospect.channel, prospect.wait,
            row_number() OVER (
                ORDER BY prospect.wait > 1,
                    prospect.served_at + random() * interval '1 second'
                        - CASE WHEN prospect.priority < 2 THEN interval '1 minute'
                            ELSE interval '0' END,
                    prospect.priority, random()
            ) AS place
        FROM prospect WHERE NOT prospect.is_held AND NOT prospect.channel = ANY (resting)
    ), chosen AS MATERIALIZED (
        SELECT line.channel FROM line
        WHERE line.place <= free OR line.place <= free + more AND line.wait <= 1
    ), served AS MATERIALIZED (
        SELECT chosen.channel FROM chosen
        UNION ALL
        -- Held channels are marked once a second at most.
        SELECT prospect.channel FROM prospect WHERE prospect.is_held
            AND prospect.served_at < statement_timestamp() - interval '1 second'
            AND NOT prospect.channel = ANY (resting)
    ), unlocked AS MATERIALIZED (
        SELECT state.channel FROM relais.channel_state AS state
        WHERE state.channel = ANY (ARRAY (SELECT served.channel FROM served))
        FOR UPDATE SKIP LOCKED
    ), marked AS (
        UPDATE relais.channel_state AS state SET served_at = statement_timestamp()
        FROM unlocked WHERE state.channel = unlocked.channel
    )
    SELECT prospect.channel, prospect.workspace, prospect.due, prospect.wait
    FROM prospect
    WHERE prospect.is_held OR prospect.channel IN (SELECT chosen.channel FROM chosen);
END;

-- Returns how many messages could go now on channels other than these.
CREATE FUNCTION relais.messages_to_send(most integer, others_than uuid[])
    RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT coalesce(sum(least(standing.due, standing.room)), 0)
    FROM relais.channel_standings(most) AS standing
    WHERE relais.is_platform() AND standing.due > 0
        AND standing.opens_at <= statement_timestamp()
        AND NOT standing.channel = ANY (others_than);
END;

-- Returns other messages in these lanes that wait to be sent to these contacts. It runs as the
-- owner, so an index-only scan finds the contacts' messages. Under the policies each message would
-- be fetched from the table, old ones from disk. A workspace gets only its own messages.
--
-- Ids are in order of time. No message of a campaign is older than the campaign, so messages older
-- than the oldest of these lanes are skipped. For the lane of a channel, the oldest waiting message
-- sets this limit.
CREATE OR REPLACE FUNCTION relais.messages_waiting(contacts uuid[], lanes uuid[])
    RETURNS TABLE (message uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH oldest AS MATERIALIZED (
        SELECT candidate.id
        FROM (
            SELECT coalesce(campaign.id, waiting.message) AS id
            FROM unnest(lanes) AS lane (id)
            LEFT JOIN LATERAL (
                SELECT campaign.id FROM relais.campaign WHERE campaign.id = lane.id LIMIT 1
            ) AS campaign ON true
            LEFT JOIN LATERAL (
                SELECT outbox.message FROM relais.outbox
                WHERE campaign.id IS NULL AND outbox.lane = lane.id
                    AND outbox.workspace = (SELECT relais.current_workspace())
                    AND outbox.lease_until IS NULL
                ORDER BY outbox.priority, outbox.due_at LIMIT 1000
            ) AS waiting ON true
        ) AS candidate
        WHERE candidate.id IS NOT NULL
        ORDER BY candidate.id LIMIT 1
    )
    SELECT waiting.message
    FROM oldest
    CROSS JOIN unnest(contacts) AS person (id)
    CROSS JOIN LATERAL (
        SELECT message.id, message.workspace FROM relais.message
        WHERE message.workspace = (SELECT relais.current_workspace())
            AND message.contact = person.id AND message.id >= oldest.id
        ORDER BY message.id DESC LIMIT 1000
    ) AS said
    CROSS JOIN LATERAL (
        SELECT outbox.message FROM relais.outbox
        WHERE outbox.message = said.id AND outbox.workspace = said.workspace
            AND outbox.lane = ANY (lanes) AND outbox.lease_until IS NULL
        LIMIT 1
    ) AS waiting
    WHERE (SELECT relais.sees_workspace());
END;

REVOKE EXECUTE ON FUNCTION relais.channel_standings, relais.take_turns, relais.messages_to_send
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.take_turns, relais.messages_to_send TO relais_function;
