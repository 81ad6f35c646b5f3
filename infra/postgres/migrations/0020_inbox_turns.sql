-- Readers share their time among workspaces, and a webhook is read in parts.
--
-- A reader takes a turn: one line, and one part of what waits in it. A part is a bounded number of
-- events and one transaction, which also says how far the webhook is read. A reader that is killed
-- leaves the rest to the next one.
--
-- The keys begin with the workspace, as those of every table that a tenant fills.
ALTER TABLE relais.webhook_inbox
    -- The events of this pass that are read. Back to 0 when the pass ends.
    ADD COLUMN read_count integer NOT NULL DEFAULT 0,
    -- The events of this pass that could not be read. A pass that has some is tried again.
    ADD COLUMN failed_count integer NOT NULL DEFAULT 0,
    -- Claims since anything of it was read: how often its readers ended without a word.
    ADD COLUMN claims smallint NOT NULL DEFAULT 0,
    DROP CONSTRAINT webhook_inbox_pkey,
    ADD PRIMARY KEY (workspace, id),
    DROP CONSTRAINT webhook_inbox_channel_dedupe_key_key,
    ADD CONSTRAINT webhook_inbox_once UNIQUE (workspace, channel, dedupe_key),
    -- A claim changes no indexed column: it stays on its page.
    SET (fillfactor = 50);

DROP INDEX relais.webhook_inbox_waiting;
CREATE INDEX webhook_inbox_waiting ON relais.webhook_inbox (workspace, channel, received_at, id)
    WHERE state = 'received';

-- When something of a line was last claimed. A line is a channel's, and the workspace's own id
-- stands for all its lines together. Who was served longest ago is next. No foreign key leads to
-- the workspace: it would lock its row. What stays of one that is gone is a few rows that nobody
-- reads.
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

-- As in 0011, by the index whose key begins with the workspace.
CREATE OR REPLACE FUNCTION relais.inbox_lines()
    RETURNS TABLE (channel uuid, held_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
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
END;

-- Keeps webhooks, as in 0016, with one difference. The same bytes are one webhook for half an hour
-- only: longer than any gateway goes on repeating a delivery that it got no answer to. After that
-- they are read again. News that carries no time, such as a session that failed, has the same bytes
-- each time; whatever carries a time or an id changes nothing when it is read twice.
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
