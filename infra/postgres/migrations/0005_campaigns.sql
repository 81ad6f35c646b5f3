-- Templates, campaigns and their messages.

CREATE TABLE relais.template (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    -- The provider's account that it belongs to.
    account_id text NOT NULL,
    name text NOT NULL CHECK (name ~ '^[a-z0-9_]+$' AND length(name) <= 512),
    language text NOT NULL CHECK (language <> ''),
    category text NOT NULL CHECK (category IN ('MARKETING', 'UTILITY', 'AUTHENTICATION')),
    body text NOT NULL,
    -- Everything but the body, in the provider's notation.
    components jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(components) = 'array'),
    -- Where its variables stand: [{"place", "index", "name"}, …].
    variables jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(variables) = 'array'),
    status text NOT NULL DEFAULT 'draft'
        CHECK (status IN ('draft', 'pending', 'approved', 'rejected', 'paused', 'disabled')),
    reason text,
    external_id text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace, id),
    UNIQUE (workspace, account_id, name, language)
);

CREATE TABLE relais.campaign (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    -- Marketing asks for consent, and is sent at most once.
    purpose text NOT NULL DEFAULT 'marketing' CHECK (purpose IN ('marketing', 'transactional')),
    -- Message 1 is a template or a text.
    template uuid,
    message_1 text CHECK (message_1 <> ''),
    message_2 text CHECK (message_2 <> ''),
    -- How long after Message 1 an answer brings Message 2.
    answer_window_seconds integer NOT NULL DEFAULT 86400 CHECK (answer_window_seconds > 0),
    -- What stands for {{name}}, in which {{contact.…}} may stand.
    variables jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(variables) = 'object'),
    -- Where tracked links lead through; NULL leaves links as they are.
    link_base_url text,
    -- The audience: in one of the categories, and in the segment, and with one of the tags.
    segment text CHECK (segment IN ('active', 'inactive', 'new', 'premium')),
    tags text[] NOT NULL DEFAULT '{}',
    -- An admin's campaign goes to the admin's own contacts, whoever starts it.
    audience_creator uuid,
    -- What becomes of a message of which nobody knows whether it went out.
    unknown_policy text NOT NULL DEFAULT 'park' CHECK (unknown_policy IN ('park', 'retry_once')),
    status text NOT NULL DEFAULT 'draft' CHECK (
        status IN ('draft', 'scheduled', 'running', 'paused', 'completed', 'failed', 'stopped')),
    -- Why it is paused or failed, as {"code", "detail", "fr", "en"}.
    reason jsonb,
    scheduled_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    total_recipients integer NOT NULL DEFAULT 0,
    excluded_count integer NOT NULL DEFAULT 0,
    relaunch_of uuid,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace, id),
    FOREIGN KEY (workspace, channel) REFERENCES relais.channel (workspace, id),
    FOREIGN KEY (workspace, template) REFERENCES relais.template (workspace, id),
    CHECK ((template IS NULL) <> (message_1 IS NULL)),
    CHECK (status <> 'scheduled' OR scheduled_at IS NOT NULL)
);

CREATE INDEX campaign_running ON relais.campaign (channel) WHERE status = 'running';
CREATE INDEX campaign_scheduled ON relais.campaign (scheduled_at) WHERE status = 'scheduled';
CREATE INDEX campaign_template ON relais.campaign (workspace, template)
    WHERE template IS NOT NULL AND status IN ('running', 'paused');

CREATE TABLE relais.campaign_category (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    category uuid NOT NULL,
    PRIMARY KEY (workspace, campaign, category),
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace, category) REFERENCES relais.category (workspace, id) ON DELETE CASCADE
);

CREATE INDEX campaign_category_category ON relais.campaign_category (workspace, category);

-- Who belonged to the audience when it was frozen and gets nothing, and why.
CREATE TABLE relais.campaign_exclusion (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    contact uuid NOT NULL,
    reason text NOT NULL CHECK (reason IN (
        'unsubscribed', 'blocked', 'no_opt_in', 'no_identity', 'not_on_whatsapp', 'duplicate',
        'window_closed', 'missing_value', 'too_long')),
    -- Which value is missing.
    detail text,
    PRIMARY KEY (workspace, campaign, contact),
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE
);

CREATE INDEX campaign_exclusion_contact ON relais.campaign_exclusion (workspace, contact);

-- The addresses in a campaign's texts, by their place. A tracked link names the message and the
-- place, so that no row is needed for each recipient.
CREATE TABLE relais.link (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    position smallint NOT NULL CHECK (position >= 0),
    url text NOT NULL CHECK (url <> ''),
    PRIMARY KEY (workspace, campaign, position),
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE
);

-- In the order in which a message moves, and it moves up only: whatever is learned, in whatever
-- order, the status is the greatest seen. A failure that is reported beside a delivery was about
-- something else, so `failed` stands below `delivered`.
CREATE TYPE relais.message_status AS ENUM (
    'queued', 'cancelled', 'unknown', 'parked', 'accepted', 'sent', 'failed', 'delivered', 'read',
    'played');

-- One row a recipient and step, as it was made when the audience was frozen. Nothing that moves is
-- indexed and a part of each page is free, so that every change of status is a HOT update.
CREATE TABLE relais.message (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    -- NULL outside campaigns.
    campaign uuid,
    contact uuid NOT NULL,
    -- 1 and 2 in a campaign, 0 outside.
    step smallint NOT NULL CHECK (step BETWEEN 0 AND 2),
    recipient_kind text NOT NULL,
    recipient text NOT NULL,
    -- What the recipient reads.
    body text NOT NULL,
    -- The values for the variables of a template, in the template's order.
    template uuid,
    parameters jsonb CHECK (jsonb_typeof(parameters) = 'array'),
    -- What the recipient of Message 1 reads next, after an answer.
    follow_up text,
    status relais.message_status NOT NULL DEFAULT 'queued',
    attempts integer NOT NULL DEFAULT 0,
    -- Why it failed or is unknown, as {"code", "detail", "fr", "en"}.
    reason jsonb,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    failed_at timestamptz,
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE,
    CHECK ((campaign IS NULL) = (step = 0))
) WITH (fillfactor = 70);

-- Message 2 goes to a contact once: this index says so.
CREATE UNIQUE INDEX message_step ON relais.message (workspace, campaign, contact, step)
    WHERE campaign IS NOT NULL;
CREATE INDEX message_contact ON relais.message (workspace, contact, id);

-- The messages that are still to be sent or settled, and nothing else: what is settled leaves.
--
--   ready     may be sent from `due_at` on
--   sending   a sender has it until `lease_until`; after that nobody knows whether it went out
--   unknown   nobody knows; after `lease_until` the campaign's policy decides
--   parked    a person decides
CREATE TABLE relais.outbox (
    message uuid PRIMARY KEY REFERENCES relais.message ON DELETE CASCADE,
    workspace uuid NOT NULL,
    -- The campaign, or for a message outside campaigns its channel. Pausing a campaign closes its
    -- lane and touches no row here.
    lane uuid NOT NULL,
    -- 0 an answer in a conversation, 1 Message 2, 2 Message 1.
    priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 2),
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'ready'
        CHECK (state IN ('ready', 'sending', 'unknown', 'parked')),
    -- Rises with every claim: an outcome that brings an older one changes nothing.
    attempt integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    -- Attempts that failed because of the message itself.
    failures smallint NOT NULL DEFAULT 0,
    -- It was sent again after nobody knew whether it went out: not a second time.
    was_unknown boolean NOT NULL DEFAULT false,
    CHECK ((state = 'ready') = (lease_until IS NULL))
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX outbox_due ON relais.outbox (lane, priority, due_at, message)
    WHERE lease_until IS NULL;
CREATE INDEX outbox_lease ON relais.outbox (lease_until) WHERE lease_until IS NOT NULL;

-- What providers call a message. One message may have several names, and another after a retry.
CREATE TABLE relais.message_reference (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    provider_id text NOT NULL CHECK (provider_id <> ''),
    message uuid NOT NULL REFERENCES relais.message ON DELETE CASCADE,
    -- A failure reported for an older attempt says nothing about the current one.
    attempt integer NOT NULL,
    PRIMARY KEY (workspace, channel, provider_id)
);

CREATE INDEX message_reference_message ON relais.message_reference (message);

CALL relais.protect('relais.template', 'true', 'may_write');
CALL relais.protect('relais.campaign',
    '(SELECT relais.sees_workspace()) OR created_by = (SELECT relais.current_member())',
    'may_write');
CALL relais.protect('relais.message',
    '(SELECT relais.sees_workspace()) OR created_by = (SELECT relais.current_member())',
    'may_write');
CALL relais.protect('relais.campaign_category',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = campaign_category.campaign)',
    'may_write');
CALL relais.protect('relais.campaign_exclusion',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = campaign_exclusion.campaign)',
    'may_write');
CALL relais.protect('relais.link',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = link.campaign)',
    'may_write');
-- They say nothing that a message does not say, and an admin's own campaigns pass through them.
CALL relais.protect('relais.outbox', 'true', 'may_write');
CALL relais.protect('relais.message_reference', 'true', 'may_write');
