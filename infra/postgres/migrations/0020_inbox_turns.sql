-- migrate: step by step
--
-- Readers divide their time among workspaces, and read a webhook in parts.
--
-- A reader takes a turn: one part of the webhooks that wait in one line. A part is a bounded number
-- of events in one transaction, which also records how far the webhook is read. If a reader is
-- killed, the next one reads the rest.
--
-- The keys begin with the workspace, like those of every table that tenants fill. Their indexes are
-- built concurrently, and webhooks are accepted throughout. An index becomes a key without a scan.

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS webhook_inbox_of_workspace
    ON relais.webhook_inbox (workspace, id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS webhook_inbox_once
    ON relais.webhook_inbox (workspace, channel, dedupe_key);
-- The lines, in the order in which they are claimed.
CREATE INDEX CONCURRENTLY IF NOT EXISTS webhook_inbox_line
    ON relais.webhook_inbox (workspace, channel, received_at, id) WHERE state = 'received';
DROP INDEX CONCURRENTLY IF EXISTS relais.webhook_inbox_waiting;

ALTER TABLE relais.webhook_inbox
    -- How many events of this pass are read. It returns to 0 when the pass ends.
    ADD COLUMN read_count integer NOT NULL DEFAULT 0,
    -- How many events of this pass could not be read. A pass with failures is tried again.
    ADD COLUMN failed_count integer NOT NULL DEFAULT 0,
    -- Claims since any event was last read: how many readers died while they held the webhook.
    ADD COLUMN claims smallint NOT NULL DEFAULT 0,
    DROP CONSTRAINT webhook_inbox_pkey,
    ADD CONSTRAINT webhook_inbox_pkey PRIMARY KEY USING INDEX webhook_inbox_of_workspace,
    ADD CONSTRAINT webhook_inbox_once UNIQUE USING INDEX webhook_inbox_once,
    -- Room for new row versions on the same page.
    SET (fillfactor = 50);

-- When a line was last claimed. Each channel has a line. A row whose line is the workspace's own id
-- stands for all lines of the workspace. The one served longest ago is next.
--
-- There is no foreign key to the workspace, because it would lock the workspace's row. A deleted
-- workspace leaves a few rows that are never read.
CREATE TABLE relais.inbox_turn (
    workspace uuid NOT NULL,
    line uuid NOT NULL,
    served_at timestamptz NOT NULL,
    PRIMARY KEY (workspace, line)
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
);

ALTER TABLE relais.inbox_turn ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON relais.inbox_turn TO relais_function
    USING ((SELECT relais.is_platform()));
GRANT SELECT, INSERT, UPDATE, DELETE ON relais.inbox_turn TO relais_function;

-- As in 0011, with the index whose key begins with the workspace.
CREATE OR REPLACE FUNCTION relais.inbox_lines()
    RETURNS TABLE (channel uuid, held_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$
    WITH RECURSIVE line (workspace, channel, lease_until) AS (
        (SELECT inbox.workspace, inbox.channel, inbox.lease_until
        FROM relais.webhook_inbox AS inbox WHERE inbox.state = 'received'
        ORDER BY inbox.workspace, inbox.channel, inbox.received_at, inbox.id LIMIT 1)
        UNION ALL
        SELECT next.workspace, next.channel, next.lease_until
        FROM line
        CROSS JOIN LATERAL (
            SELECT inbox.workspace, inbox.channel, inbox.lease_until
            FROM relais.webhook_inbox AS inbox
            WHERE inbox.state = 'received'
                AND (inbox.workspace, inbox.channel) > (line.workspace, line.channel)
            ORDER BY inbox.workspace, inbox.channel, inbox.received_at, inbox.id LIMIT 1
        ) AS next
    )
    SELECT line.channel, line.lease_until FROM line;
$$;

-- Stores webhooks as in 0016, with one difference: identical bytes count as a repeat for half an
-- hour only. No gateway repeats an unanswered delivery for longer. After that they are read again.
--
-- Some news carries no time and has the same bytes each time, such as a failed session. Webhooks
-- with a time or an id change nothing when they are read twice.
CREATE OR REPLACE FUNCTION relais.keep_webhooks(
    ids uuid[], workspaces uuid[], channels uuid[], providers text[], dedupe_keys text[],
    bodies bytea[]
) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    added integer;
BEGIN
    IF NOT relais.is_platform() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only the platform keeps webhooks';
    END IF;
    INSERT INTO relais.webhook_inbox
        (id, workspace, channel, provider, dedupe_key, body, received_at)
    SELECT kept.*, statement_timestamp()
    FROM unnest($1, $2, $3, $4, $5, $6)
        AS kept (id, workspace, channel, provider, dedupe_key, body)
    ORDER BY kept.channel, kept.dedupe_key
    ON CONFLICT ON CONSTRAINT webhook_inbox_once DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added = cardinality(ids) THEN
        RETURN;
    END IF;
    -- DO UPDATE instead would wait for whoever reads the first delivery.
    UPDATE relais.webhook_inbox AS inbox
    SET id = again.new_id, received_at = statement_timestamp(), state = 'received', attempts = 0,
        claims = 0, read_count = 0, failed_count = 0, lease_until = NULL, processed_at = NULL,
        error = NULL
    FROM (
        SELECT past.workspace, past.id, kept.id AS new_id
        FROM unnest($1, $2, $3, $5) AS kept (id, workspace, channel, dedupe_key)
        JOIN relais.webhook_inbox AS past
            ON past.workspace = kept.workspace AND past.channel = kept.channel
                AND past.dedupe_key = kept.dedupe_key
        WHERE past.state IN ('done', 'failed')
            AND past.received_at < statement_timestamp() - interval '30 minutes'
        ORDER BY past.channel, past.dedupe_key FOR UPDATE OF past
    ) AS again
    WHERE inbox.workspace = again.workspace AND inbox.id = again.id;
END
$$;

-- The new function no longer names this key.
ALTER TABLE relais.webhook_inbox DROP CONSTRAINT webhook_inbox_channel_dedupe_key_key;
