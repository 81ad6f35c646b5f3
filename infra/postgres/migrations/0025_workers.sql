-- Workers of tasks, turns of tenants, queries of timers, and idempotent requests.

-- The process that holds the task, such as `verify-numbers 4711@host`. NULL while the task is free.
ALTER TABLE relais.task ADD COLUMN worker text;

-- The tenants of a queue, and each tenant's tasks in claim order. A claim by turns visits each
-- tenant with one index probe. The platform's own tasks form one more tenant, with the nil UUID.
CREATE INDEX task_turn ON relais.task (
    queue, coalesce(workspace, '00000000-0000-0000-0000-000000000000'), priority, run_at, id);

-- Tasks whose last attempt failed. `last_error` changes only together with `run_at`, so a claim
-- still updates no index.
CREATE INDEX task_failing ON relais.task (queue) WHERE last_error IS NOT NULL;

-- For retention by age.
CREATE INDEX task_total_age ON relais.task_total (hour);

-- Finds days that are over, by time zone. Taking from a counter changes neither column.
CREATE INDEX counter_day ON relais.counter (timezone, day);

-- Finds months that may be over.
CREATE INDEX quota_period_start ON relais.quota_period (starts_on);

-- A request with an idempotency key, and its reply. A second request with the same key gets the
-- reply of the first.
--
-- `status` is NULL while the first request is in flight. A lease limits that time: when the
-- answering process dies, the next request with the key takes over after the lease.
CREATE TABLE relais.idempotency (
    workspace uuid NOT NULL,
    -- The caller: a member or an API key. Two callers may use the same key.
    caller text NOT NULL CHECK (caller <> '' AND length(caller) <= 200),
    key text NOT NULL CHECK (key <> '' AND length(key) <= 255),
    -- SHA-256 of the request: reusing the key for a different request is the caller's mistake.
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    -- The fencing token. It increases with every takeover; a finish with an older token changes
    -- nothing.
    token integer NOT NULL DEFAULT 1,
    lease_until timestamptz NOT NULL,
    status smallint CHECK (status BETWEEN 100 AND 599),
    headers jsonb,
    body bytea CHECK (octet_length(body) <= 6291456),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (workspace, caller, key),
    CHECK ((status IS NULL) = (body IS NULL) AND (status IS NULL) = (headers IS NULL))
);

CREATE INDEX idempotency_age ON relais.idempotency (expires_at);

ALTER TABLE relais.idempotency ENABLE ROW LEVEL SECURITY;
-- Every role may store its replies.
CREATE POLICY own ON relais.idempotency TO relais_function
    USING (workspace = (SELECT relais.current_workspace())
        AND (SELECT relais.current_member_role()) IS NOT NULL);
CALL relais.open_to_platform('relais.idempotency');
GRANT SELECT, INSERT, UPDATE, DELETE ON relais.idempotency TO relais_function;

-- -------------------------------------------------------------------------------------- timers

-- The queries of the timers. The cost of each depends on the due work, not on all rows: one index
-- probe for each item that may be due. None returns work that already waits as a task. So an item
-- that cannot be done does not block others from the first hundred.

-- Returns campaigns that are due to start and have no start task yet.
DROP FUNCTION relais.campaigns_to_start(integer);
CREATE FUNCTION relais.campaigns_to_start(most integer)
    RETURNS TABLE (campaign uuid, workspace uuid, scheduled_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT campaign.id, campaign.workspace, campaign.scheduled_at FROM relais.campaign
    WHERE relais.is_platform() AND campaign.status = 'scheduled'
        AND campaign.scheduled_at <= statement_timestamp()
        AND (
            SELECT count(*) FROM relais.task
            WHERE task.workspace = campaign.workspace AND task.queue = 'campaigns'
                AND task.dedupe_key = 'start ' || campaign.id || ' '
                    || (extract(epoch FROM campaign.scheduled_at) * 1000000)::bigint
        ) = 0
    ORDER BY campaign.scheduled_at
    LIMIT most;
END;

-- Returns running campaigns with nothing left to send or settle, and no completion task yet.
--
-- The subqueries are scalar on purpose. The planner would turn NOT EXISTS into joins, and it has no
-- statistics for rows that a campaign has just added.
CREATE FUNCTION relais.campaigns_to_complete(most integer)
    RETURNS TABLE (campaign uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT campaign.id, campaign.workspace FROM relais.campaign
    WHERE relais.is_platform() AND campaign.status = 'running'
        AND (
            SELECT count(*) FROM (
                SELECT FROM relais.outbox
                WHERE outbox.workspace = campaign.workspace AND outbox.lane = campaign.id
                    AND outbox.lease_until IS NULL
                ORDER BY outbox.priority, outbox.due_at LIMIT 1
            ) AS waiting
        ) = 0
        AND (
            SELECT count(*) FROM (
                SELECT FROM relais.outbox
                WHERE outbox.workspace = campaign.workspace AND outbox.lane = campaign.id
                    AND outbox.state IN ('sending', 'unknown')
                LIMIT 1
            ) AS taken
        ) = 0
        AND (
            SELECT count(*) FROM relais.task
            WHERE task.workspace = campaign.workspace AND task.queue = 'campaigns'
                AND task.dedupe_key = 'complete ' || campaign.id
        ) = 0
    LIMIT most;
END;

DROP FUNCTION relais.workspaces_with_campaigns();

-- Returns workspaces with an expired lease, an expired grace period, or a status that waits for its
-- message.
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

-- Returns active channels of these providers that have no verification task yet, and whose
-- workspace has an unchecked number.
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
                    AND contact.phone IS NOT NULL AND contact.status = 'active'
                ORDER BY contact.id LIMIT 1
            ) AS unverified
        ) > 0
        AND (
            SELECT count(*) FROM relais.task
            WHERE task.workspace = channel.workspace AND task.queue = 'verify'
                AND task.dedupe_key = channel.id::text
        ) = 0;
END;

-- Whether the channel has a message in flight or an unknown one. Only then can a receipt for an
-- unknown message belong to one of ours.
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
            WHERE outbox.workspace = (SELECT relais.current_workspace())
                AND outbox.lane = lane.id AND outbox.state IN ('sending', 'unknown')
            LIMIT 1
        ) AS taken
    );
END;

REVOKE EXECUTE ON FUNCTION relais.campaigns_to_start, relais.campaigns_to_complete,
    relais.channels_to_verify, relais.awaits_names FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.campaigns_to_start, relais.campaigns_to_complete,
    relais.channels_to_verify, relais.awaits_names TO relais_function;
