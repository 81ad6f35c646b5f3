-- What comes in: webhooks as they arrived, and what they turned out to say.

-- A webhook before anyone reads it. The row is there before the provider gets its answer, and the
-- key makes a second delivery of the same bytes no second row.
CREATE TABLE relais.webhook_inbox (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    -- The channel whose address was called; the events inside may name others of the same app.
    channel uuid NOT NULL,
    provider text NOT NULL,
    dedupe_key text NOT NULL,
    headers jsonb NOT NULL DEFAULT '{}',
    body bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'done', 'failed')),
    attempts smallint NOT NULL DEFAULT 0,
    -- NULL while nobody holds it.
    lease_until timestamptz,
    processed_at timestamptz,
    error text,
    FOREIGN KEY (workspace, channel) REFERENCES relais.channel (workspace, id) ON DELETE CASCADE,
    UNIQUE (channel, dedupe_key)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE INDEX webhook_inbox_waiting ON relais.webhook_inbox (received_at, id)
    WHERE state = 'received';
CREATE INDEX webhook_inbox_age ON relais.webhook_inbox (processed_at)
    WHERE processed_at IS NOT NULL;

-- A status of a message whose name we do not know yet: it came before the answer to the send.
CREATE TABLE relais.orphan_status (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    provider_id text NOT NULL,
    status relais.message_status NOT NULL,
    occurred_at timestamptz NOT NULL,
    reason jsonb,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (workspace, channel, provider_id, status)
);

CREATE INDEX orphan_status_age ON relais.orphan_status (received_at);

-- What a contact did about a message, or said at all.
CREATE TABLE relais.interaction (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    contact uuid NOT NULL,
    -- The campaign and the message that it is attributed to.
    campaign uuid,
    message uuid REFERENCES relais.message ON DELETE SET NULL,
    kind text NOT NULL
        CHECK (kind IN ('reply', 'choice', 'reaction', 'click', 'opt_out', 'opt_in')),
    content text,
    -- The provider's id of what came in.
    provider_id text,
    -- Who reads the campaign reads its interactions.
    created_by uuid,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE
);

CREATE INDEX interaction_campaign ON relais.interaction (workspace, campaign, id)
    WHERE campaign IS NOT NULL;
CREATE INDEX interaction_contact ON relais.interaction (workspace, contact, id);
CREATE INDEX interaction_message ON relais.interaction (message) WHERE message IS NOT NULL;
CREATE UNIQUE INDEX interaction_once ON relais.interaction (workspace, channel, provider_id, kind)
    WHERE provider_id IS NOT NULL;

-- Each time a tracked link was opened.
CREATE TABLE relais.link_click (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    position smallint NOT NULL,
    message uuid NOT NULL REFERENCES relais.message ON DELETE CASCADE,
    contact uuid NOT NULL,
    user_agent text,
    clicked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (workspace, campaign, position) REFERENCES relais.link ON DELETE CASCADE,
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE
);

CREATE INDEX link_click_link ON relais.link_click (workspace, campaign, position, id);
CREATE INDEX link_click_message ON relais.link_click (message);
CREATE INDEX link_click_contact ON relais.link_click (workspace, contact);

CALL relais.protect('relais.webhook_inbox', '(SELECT relais.sees_workspace())', 'may_configure');
CALL relais.protect('relais.orphan_status', '(SELECT relais.sees_workspace())', 'may_write');
CALL relais.protect('relais.interaction',
    '(SELECT relais.sees_workspace()) OR created_by = (SELECT relais.current_member())',
    'may_write');
CALL relais.protect('relais.link_click',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = link_click.campaign)',
    'may_write');

-- The queue of webhooks is the platform's to claim from.
CREATE POLICY platform ON relais.webhook_inbox TO relais_function
    USING ((SELECT relais.is_platform()));
