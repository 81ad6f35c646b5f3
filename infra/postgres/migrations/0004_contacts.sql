-- Contacts, the names that providers know them by, and the categories they are in.

CREATE TABLE relais.contact (
    workspace uuid NOT NULL,
    id uuid NOT NULL,
    -- E.164 as it was typed; a contact who goes by a user name may have none.
    phone text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    first_name text,
    last_name text,
    email text,
    language text,
    segment text NOT NULL DEFAULT 'new'
        CHECK (segment IN ('active', 'inactive', 'new', 'premium')),
    tags text[] NOT NULL DEFAULT '{}',
    -- Columns of an import that have no place of their own, for variables.
    attributes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'),
    -- When they agreed to marketing messages, and where.
    opted_in_at timestamptz,
    opt_in_source text,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'unsubscribed', 'blocked')),
    status_changed_at timestamptz,
    -- Whether the number is on WhatsApp; NULL while nobody asked.
    whatsapp_verified boolean,
    verified_at timestamptz,
    last_activity_at timestamptz,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace, id)
);

CREATE UNIQUE INDEX contact_phone ON relais.contact (workspace, phone);
CREATE INDEX contact_tags ON relais.contact USING gin (tags);

-- A name that a provider knows a contact by, as the provider wrote it. The phone of the contact is
-- not repeated here.
CREATE TABLE relais.contact_identity (
    workspace uuid NOT NULL,
    kind text NOT NULL
        CHECK (kind IN ('wa_id', 'bsuid', 'parent_bsuid', 'lid', 'provider_contact_id')),
    value text NOT NULL CHECK (value <> ''),
    -- The channel within which the name is unique: for `provider_contact_id` alone. Nil elsewhere.
    channel uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    contact uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace, kind, value, channel),
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE
);

CREATE INDEX contact_identity_contact ON relais.contact_identity (workspace, contact);

-- What a contact and a channel have said to each other lately.
CREATE TABLE relais.conversation (
    workspace uuid NOT NULL,
    contact uuid NOT NULL,
    channel uuid NOT NULL,
    -- Opens the window in which more than templates may be sent.
    last_inbound_at timestamptz,
    PRIMARY KEY (workspace, contact, channel),
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE,
    FOREIGN KEY (workspace, channel) REFERENCES relais.channel (workspace, id) ON DELETE CASCADE
) WITH (fillfactor = 80);

CREATE TABLE relais.category (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    color text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace, id),
    UNIQUE NULLS NOT DISTINCT (workspace, created_by, name)
);

CREATE TABLE relais.category_member (
    workspace uuid NOT NULL,
    category uuid NOT NULL,
    contact uuid NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace, category, contact),
    FOREIGN KEY (workspace, category) REFERENCES relais.category (workspace, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace, contact) REFERENCES relais.contact ON DELETE CASCADE
);

CREATE INDEX category_member_contact ON relais.category_member (workspace, contact);

CALL relais.protect('relais.contact',
    '(SELECT relais.sees_workspace()) OR created_by = (SELECT relais.current_member())',
    'may_write');
CALL relais.protect('relais.category',
    '(SELECT relais.sees_workspace()) OR created_by = (SELECT relais.current_member())',
    'may_write');

-- What hangs on a row is seen with that row: the subquery is under its policy in turn.
CALL relais.protect('relais.contact_identity',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.contact
        WHERE contact.workspace = contact_identity.workspace
            AND contact.id = contact_identity.contact)',
    'may_write');
CALL relais.protect('relais.conversation',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.contact
        WHERE contact.workspace = conversation.workspace AND contact.id = conversation.contact)',
    'may_write');
CALL relais.protect('relais.category_member',
    '(SELECT relais.sees_workspace()) OR (
        EXISTS (SELECT FROM relais.category WHERE category.id = category_member.category)
        AND EXISTS (
            SELECT FROM relais.contact
            WHERE contact.workspace = category_member.workspace
                AND contact.id = category_member.contact))',
    'may_write');
