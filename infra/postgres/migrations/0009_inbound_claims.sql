-- How webhooks are claimed, what their news changes, and who was asked for.

-- A claim takes the head of a channel's line, so that one reader at a time works for a channel and
-- contacts are heard in their order. What cannot be read steps aside and holds nobody up.
--
--   received  in line, or held until `lease_until`
--   delayed   failed before; tried again, by itself, from `lease_until` on
ALTER TABLE relais.webhook_inbox
    -- Rises with every claim: a finish that brings an older one changes nothing.
    ADD COLUMN lease_token integer NOT NULL DEFAULT 0,
    -- What it turned out to say, and how much of it nobody understood.
    ADD COLUMN event_count integer,
    ADD COLUMN unknown_count integer,
    DROP CONSTRAINT webhook_inbox_state_check,
    ADD CONSTRAINT webhook_inbox_state_check
        CHECK (state IN ('received', 'delayed', 'done', 'failed'));

DROP INDEX relais.webhook_inbox_waiting;
CREATE INDEX webhook_inbox_waiting ON relais.webhook_inbox (channel, received_at, id)
    WHERE state = 'received';
CREATE INDEX webhook_inbox_delayed ON relais.webhook_inbox (lease_until, id)
    WHERE state = 'delayed';

-- Keeps a webhook; a second delivery of the same bytes is no second row. As a function of the owner
-- its plan is made once a session, without the policies: by itself the INSERT took three times as
-- long to plan as to run. The channel must be the workspace's: the foreign key says so.
CREATE FUNCTION relais.keep_webhook(
    id uuid, workspace uuid, channel uuid, provider text, dedupe_key text, body bytea
) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    IF NOT relais.is_platform() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only the platform keeps webhooks';
    END IF;
    INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT ON CONSTRAINT webhook_inbox_channel_dedupe_key_key DO NOTHING;
END
$$;

REVOKE EXECUTE ON FUNCTION relais.keep_webhook FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.keep_webhook TO relais_function;

-- What was said later about a message that came in: it was changed, or taken back. It stands beside
-- what the message said, because it may come first and because both are worth keeping.
CREATE TABLE relais.message_amendment (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    -- The provider's id of the message.
    provider_id text NOT NULL CHECK (provider_id <> ''),
    kind text NOT NULL CHECK (kind IN ('edited', 'revoked')),
    content text,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (workspace, channel, provider_id, kind),
    FOREIGN KEY (workspace, channel) REFERENCES relais.channel (workspace, id) ON DELETE CASCADE
);

CALL relais.protect('relais.message_amendment', '(SELECT relais.sees_workspace())', 'may_write');

-- News carries a time, so that what arrives late does not undo what happened since.
ALTER TABLE relais.channel ADD COLUMN news_at timestamptz;
ALTER TABLE relais.template
    ADD COLUMN status_at timestamptz,
    ADD COLUMN category_at timestamptz,
    ADD COLUMN quality text,
    ADD COLUMN quality_at timestamptz;

-- Numbers of which a provider could not say whether they are on WhatsApp, and when to ask again.
CREATE TABLE relais.number_check (
    workspace uuid NOT NULL,
    contact uuid NOT NULL,
    failures integer NOT NULL DEFAULT 1,
    next_at timestamptz NOT NULL,
    last_error text,
    PRIMARY KEY (workspace, contact),
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE
);

CALL relais.protect('relais.number_check', '(SELECT relais.sees_workspace())', 'may_write');

-- Somebody opened a tracked link: returns where it leads, and records the click if it `counts`. All
-- that is known of the link is in its address, so this is the one place that finds the workspace.
-- The first click of a message on a link is an interaction; every click is counted.
CREATE FUNCTION relais.open_link(
    sought uuid, place smallint, counts boolean, click uuid, interaction uuid, agent text
) RETURNS TABLE (url text)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH target AS MATERIALIZED (
        SELECT message.id, message.workspace, message.channel, message.campaign, message.contact,
            message.created_by, link.url
        FROM relais.message
        JOIN relais.link ON link.workspace = message.workspace
            AND link.campaign = message.campaign AND link.position = place
        WHERE relais.is_platform() AND message.id = sought
    ), clicked AS (
        INSERT INTO relais.link_click
            (id, workspace, campaign, position, message, contact, user_agent)
        SELECT click, workspace, campaign, place, target.id, contact, left(agent, 512)
        FROM target WHERE counts
    ), noted AS (
        INSERT INTO relais.interaction (id, workspace, channel, contact, campaign, message, kind,
            content, provider_id, created_by)
        SELECT interaction, workspace, channel, contact, campaign, target.id, 'click', target.url,
            target.id::text || '/' || place::text, created_by
        FROM target WHERE counts
        ON CONFLICT DO NOTHING
    )
    SELECT target.url FROM target;
END;

REVOKE EXECUTE ON FUNCTION relais.open_link FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.open_link TO relais_function;
