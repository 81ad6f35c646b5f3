-- Row-level security applies to every role on every table. No key is shared between workspaces.
--
--   role          reads                 writes
--   super_admin   the workspace         everything that people write
--   manager       the workspace         all of it but channels and their settings
--   admin         what they made        what they made
--   operator      the workspace         nothing yet
--   reader        the workspace         nothing
--   service       the workspace         all of it, and the system's own data: limits, counters,
--                                       attempts, receipts
--   platform      a scope, no role: the queues, limits and schedules of every workspace
--
-- Functions of the previous version cannot take from rates and counters once this has run. Replace
-- them right after it. Waiting work stays, and webhooks are accepted throughout.
--
-- The platform scope is a setting, like the identity. Row-level security guards against a forgotten
-- WHERE and a wrong identifier. It does not guard against a caller who can run their own SQL under
-- this login.

-- ---------------------------------------------------------------------------------------- roles

-- Every policy checks the workspace first. It is NULL, and matches no row, unless the role is a
-- known one.
CREATE OR REPLACE FUNCTION relais.current_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE
        WHEN current_setting('relais.role', true)
            IN ('super_admin', 'manager', 'admin', 'operator', 'reader', 'service')
        THEN nullif(current_setting('relais.workspace_id', true), '')::uuid
    END;

-- Whether the role reads all rows of the workspace. Other roles read the rows that they made.
CREATE OR REPLACE FUNCTION relais.sees_workspace() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(relais.current_member_role()
        IN ('super_admin', 'manager', 'operator', 'reader', 'service'), false);

CREATE OR REPLACE FUNCTION relais.may_write() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(relais.current_member_role()
        IN ('super_admin', 'manager', 'admin', 'service'), false);

CREATE OR REPLACE FUNCTION relais.may_configure() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(relais.current_member_role() IN ('super_admin', 'service'), false);

-- The role of a function that does its own work. No member has it.
CREATE FUNCTION relais.is_service() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(relais.current_member_role() = 'service', false);

-- Creates the policies of a table with a column `workspace`. They replace the earlier ones.
--
--   visible  the rows of the workspace that may be read
--   writer   the function that says whether the role may write
--   own      the visible rows that may be written
--   written  the condition that a row must meet after the write
--
-- Every part that does not depend on the row stands as (SELECT …), so it is evaluated once per
-- statement.
DROP PROCEDURE relais.protect(regclass, text, text);
CREATE PROCEDURE relais.protect(
    relation regclass, visible text, writer text, own text DEFAULT 'true',
    written text DEFAULT 'true'
)
    LANGUAGE plpgsql AS
$$
DECLARE
    seen text := format('workspace = (SELECT relais.current_workspace()) AND (%s)', visible);
    writable text := format('%s AND (SELECT relais.%I()) AND (%s)', seen, writer, own);
    outcome text := format('%s AND (%s)', writable, written);
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['own', 'see', 'add', 'change', 'remove'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS %I ON %s', name, relation);
    END LOOP;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY see ON %s FOR SELECT TO relais_function USING (%s)',
        relation, seen);
    EXECUTE format('CREATE POLICY add ON %s FOR INSERT TO relais_function WITH CHECK (%s)',
        relation, outcome);
    EXECUTE format('CREATE POLICY change ON %s FOR UPDATE TO relais_function'
        ' USING (%s) WITH CHECK (%s)', relation, writable, outcome);
    EXECUTE format('CREATE POLICY remove ON %s FOR DELETE TO relais_function USING (%s)',
        relation, writable);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO relais_function', relation);
END
$$;

-- The platform reads and writes the rows of every workspace.
CREATE PROCEDURE relais.open_to_platform(relation regclass)
    LANGUAGE plpgsql AS
$$
BEGIN
    EXECUTE format('DROP POLICY IF EXISTS platform ON %s', relation);
    EXECUTE format('CREATE POLICY platform ON %s TO relais_function'
        ' USING ((SELECT relais.is_platform()))', relation);
END
$$;

REVOKE EXECUTE ON PROCEDURE relais.protect, relais.open_to_platform FROM PUBLIC;

-- ------------------------------------------------------------------------------------- the tenant

-- Plans are paid for: only the platform creates, changes and removes a workspace and its quota.
DROP POLICY own ON relais.workspace;
CREATE POLICY see ON relais.workspace FOR SELECT TO relais_function
    USING (id = (SELECT relais.current_workspace()));
CALL relais.open_to_platform('relais.workspace');

CALL relais.protect('relais.quota_period', 'true', 'is_service');
CALL relais.open_to_platform('relais.quota_period');

DROP POLICY own ON relais.quota_history;
CREATE POLICY see ON relais.quota_history FOR SELECT TO relais_function
    USING (workspace = (SELECT relais.current_workspace()));
CALL relais.open_to_platform('relais.quota_history');

-- --------------------------------------------------------------------------------- rates, counters

-- A key is unique within its workspace; two workspaces may use the same one. Rows of the platform
-- have the nil UUID as workspace, because a primary key allows no NULL.
UPDATE relais.rate_bucket SET workspace = '00000000-0000-0000-0000-000000000000'
WHERE workspace IS NULL;
UPDATE relais.counter SET workspace = '00000000-0000-0000-0000-000000000000'
WHERE workspace IS NULL;
UPDATE relais.counter_history SET workspace = '00000000-0000-0000-0000-000000000000'
WHERE workspace IS NULL;

ALTER TABLE relais.rate_bucket
    ALTER COLUMN workspace SET NOT NULL,
    DROP CONSTRAINT rate_bucket_pkey,
    ADD PRIMARY KEY (workspace, key);
ALTER TABLE relais.counter
    ALTER COLUMN workspace SET NOT NULL,
    DROP CONSTRAINT counter_pkey,
    ADD PRIMARY KEY (workspace, key, day);
ALTER TABLE relais.counter_history
    ALTER COLUMN workspace SET NOT NULL,
    DROP CONSTRAINT counter_history_pkey,
    ADD PRIMARY KEY (workspace, key, day);

CALL relais.protect('relais.rate_bucket', 'true', 'is_service');
CALL relais.open_to_platform('relais.rate_bucket');
CALL relais.protect('relais.counter', 'true', 'is_service');
CALL relais.open_to_platform('relais.counter');

DROP POLICY own ON relais.counter_history;
CREATE POLICY see ON relais.counter_history FOR SELECT TO relais_function
    USING (workspace = (SELECT relais.current_workspace()));
CALL relais.open_to_platform('relais.counter_history');

-- As before, with the workspace in the key.
DROP FUNCTION relais.take_tokens(bigint, text, bigint);
CREATE FUNCTION relais.take_tokens(
    wanted bigint, bucket_workspace uuid, bucket_key text, horizon bigint
)
    RETURNS TABLE (
        granted integer, first_at bigint, seen_at bigint, interval_us bigint,
        theoretical_arrival bigint
    )
    LANGUAGE plpgsql AS
$$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    UPDATE relais.rate_bucket AS bucket
    SET (theoretical_arrival, granted, first_at, seen_at) = (
        SELECT base + count * bucket.interval_us, count, base - tolerance, now
        FROM (
            SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now
        ) AS clock
        CROSS JOIN LATERAL (
            SELECT greatest(now, bucket.theoretical_arrival) AS base,
                (bucket.burst - 1) * bucket.interval_us AS tolerance
        ) AS state
        CROSS JOIN LATERAL (
            SELECT now + horizon + tolerance - base AS room
        ) AS space
        CROSS JOIN LATERAL (
            SELECT CASE WHEN room < 0 THEN 0
                ELSE least(wanted, room / bucket.interval_us + 1) END AS count
        ) AS share
    )
    WHERE bucket.workspace = bucket_workspace AND bucket.key = bucket_key
    RETURNING bucket.granted, bucket.first_at, bucket.seen_at, bucket.interval_us,
        bucket.theoretical_arrival;
END
$$;

-- ------------------------------------------------------------------------------------------ tasks

-- A dedupe key is unique within its workspace and queue.
DROP INDEX relais.task_dedupe;
CREATE UNIQUE INDEX task_dedupe ON relais.task (workspace, queue, dedupe_key) NULLS NOT DISTINCT
    WHERE dedupe_key IS NOT NULL;

-- A role that may write may add tasks, but may not call a function: those queues belong to the
-- platform.
CALL relais.protect('relais.task', '(SELECT relais.sees_workspace())', 'may_configure',
    written => 'queue NOT LIKE ''invoke:%''');
CREATE POLICY ask ON relais.task FOR INSERT TO relais_function
    WITH CHECK (workspace = (SELECT relais.current_workspace())
        AND (SELECT relais.may_write()) AND queue NOT LIKE 'invoke:%');
CALL relais.open_to_platform('relais.task');

CALL relais.protect('relais.task_dead', '(SELECT relais.sees_workspace())', 'may_configure',
    written => 'queue NOT LIKE ''invoke:%''');
CALL relais.open_to_platform('relais.task_dead');

-- The roles that finish tasks also count them.
DROP POLICY anybody ON relais.task_tally;
CREATE POLICY add ON relais.task_tally FOR INSERT TO relais_function
    WITH CHECK ((SELECT relais.current_workspace()) IS NOT NULL
        AND (SELECT relais.may_configure()));

-- --------------------------------------------------------------------------------------- channels

-- A number may be connected in several workspaces. A webhook belongs to the channel whose address
-- was called and whose secret signed it. It can affect only channels of that workspace, and
-- messages use that channel's own token. So the first workspace to connect a number does not block
-- the others.
ALTER TABLE relais.channel
    DROP CONSTRAINT channel_provider_base_url_external_id_key,
    ADD UNIQUE (workspace, provider, base_url, external_id);

CALL relais.protect('relais.channel_state', 'true', 'may_configure');

-- -------------------------------------------------------------------------------------- campaigns

-- An admin may save a template only as a draft or pending approval, and may not change other
-- people's templates.
CALL relais.protect('relais.template', 'true', 'may_write',
    own => '(SELECT relais.sees_workspace()) OR created_by = (SELECT relais.current_member())',
    written => '(SELECT relais.sees_workspace()) OR status IN (''draft'', ''pending'')');

-- Releases a campaign's template that its provider paused; returns it, or no row. Whoever may change
-- the campaign may do this, an admin too: the policy above lets an admin approve no template.
CREATE FUNCTION relais.release_template(sought uuid) RETURNS TABLE (template uuid)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    UPDATE relais.template SET status = 'approved', reason = NULL, updated_at = now()
    FROM relais.campaign
    WHERE campaign.id = sought AND campaign.workspace = (SELECT relais.current_workspace())
        AND (SELECT relais.may_write()) AND ((SELECT relais.sees_workspace())
            OR campaign.created_by = (SELECT relais.current_member()))
        AND template.workspace = campaign.workspace AND template.id = campaign.template
        AND template.status = 'paused'
    RETURNING template.id;
END;

REVOKE EXECUTE ON FUNCTION relais.release_template FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.release_template TO relais_function;

-- An admin's campaign reaches only the admin's own contacts.
CALL relais.protect('relais.campaign',
    '(SELECT relais.sees_workspace()) OR created_by = (SELECT relais.current_member())',
    'may_write',
    written => '(SELECT relais.sees_workspace())
        OR audience_creator = (SELECT relais.current_member())');

-- A number belongs to one contact of a workspace. Members who may add contacts learn which numbers
-- are taken, even by contacts that they do not see. The unique index would reveal this anyway.
CREATE FUNCTION relais.phones_taken(phones text[]) RETURNS TABLE (phone text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT contact.phone FROM relais.contact
    WHERE contact.workspace = (SELECT relais.current_workspace())
        AND contact.phone = ANY (phones) AND (SELECT relais.may_write());
END;

REVOKE EXECUTE ON FUNCTION relais.phones_taken FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.phones_taken TO relais_function;

-- Whether the caller sees this message, and it belongs in this lane. It is volatile so that it sees
-- a message that the same statement has added.
CREATE FUNCTION relais.belongs_in_lane(sought uuid, lane uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE AS
$$
BEGIN
    RETURN EXISTS (
        SELECT FROM relais.message
        WHERE message.workspace = (SELECT relais.current_workspace()) AND message.id = sought
            AND coalesce(message.campaign, message.channel) = lane
    );
END
$$;

-- A message waits in its campaign's lane: a member who sees the campaign sees its lane. An admin
-- puts only their own messages there.
CALL relais.protect('relais.outbox',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign
        WHERE campaign.workspace = outbox.workspace AND campaign.id = outbox.lane)',
    'may_write',
    written => '(SELECT relais.sees_workspace()) OR relais.belongs_in_lane(message, lane)');
-- Only the service writes receipts and the data derived from them.
CALL relais.protect('relais.message_reference', '(SELECT relais.sees_workspace())', 'is_service');
CALL relais.protect('relais.orphan_status', '(SELECT relais.sees_workspace())', 'is_service');
CALL relais.protect('relais.message_amendment', '(SELECT relais.sees_workspace())', 'is_service');
CALL relais.protect('relais.number_check', '(SELECT relais.sees_workspace())', 'is_service');

-- --------------------------------------------------------------------- queries across workspaces

-- As in 0011, with the workspace in every comparison. So a row that one workspace wrote about
-- another's channel, lane or counter never matches.
--
-- Returns channels with messages to send, now or later.
--
--   due       messages that are due, counted up to `most`
--   room      how many of them the channel's rate, its day and its workspace's month allow now
--   opens_at  when the channel may send; infinity if only a person or the next month changes it
--   since     when the oldest due message could first have gone
--   next_due  when the next message falls due
CREATE OR REPLACE FUNCTION relais.channel_prospects(most integer)
    RETURNS TABLE (
        channel uuid, workspace uuid, due integer, room integer, opens_at timestamptz,
        since timestamptz, next_due timestamptz
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
            min(later.next_due) AS next_due
        FROM lane
        CROSS JOIN LATERAL (
            SELECT count(*) AS due, min(message.due_at) AS since
            FROM (
                SELECT first.due_at
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
                    channel.timezone),
                CASE WHEN allowance.day <= 0
                    THEN (allowance.today + 1)::timestamp AT TIME ZONE channel.timezone END)
        END,
        greatest(work.since, pace.held_until, tokens.at), work.next_due
    FROM work
    JOIN relais.channel ON channel.id = work.channel
    JOIN relais.workspace ON workspace.id = channel.workspace
    JOIN relais.channel_state AS pace ON pace.channel = channel.id
    LEFT JOIN relais.rate_bucket AS bucket
        ON bucket.workspace = channel.workspace AND bucket.key = 'channel:' || channel.id
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
    CROSS JOIN LATERAL (
        SELECT today,
            channel.daily_cap - coalesce((
                SELECT counter.used FROM relais.counter
                WHERE counter.workspace = channel.workspace
                    AND counter.key = 'channel:' || channel.id AND counter.day = today
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

-- Returns channels of these providers with unknown messages to ask about now.
CREATE OR REPLACE FUNCTION relais.channels_to_ask(providers text[])
    RETURNS TABLE (channel uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT DISTINCT channel.id, channel.workspace
    FROM relais.outbox
    JOIN relais.message ON message.workspace = outbox.workspace AND message.id = outbox.message
    JOIN relais.channel ON channel.workspace = message.workspace AND channel.id = message.channel
    WHERE relais.is_platform() AND outbox.state = 'unknown'
        AND outbox.due_at <= statement_timestamp() AND channel.provider = ANY (providers);
END;

-- Returns other messages in these lanes that wait to be sent to these contacts.
CREATE OR REPLACE FUNCTION relais.messages_waiting(contacts uuid[], lanes uuid[])
    RETURNS TABLE (message uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT waiting.message
    FROM unnest(contacts) AS person (id)
    CROSS JOIN LATERAL (
        SELECT message.id, message.workspace FROM relais.message
        WHERE message.workspace = (SELECT relais.current_workspace())
            AND message.contact = person.id
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
