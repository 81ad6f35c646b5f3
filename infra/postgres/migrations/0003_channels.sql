-- Channels: a provider, a number, and how fast it may send. First what every table of a workspace
-- has in common: who may see its rows and who may write them.

-- 'service' is a function at its own work, for a whole workspace.
CREATE FUNCTION relais.sees_workspace() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(relais.current_member_role() IN ('super_admin', 'operator', 'service'), false);

CREATE FUNCTION relais.may_write() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(relais.current_member_role() IN ('super_admin', 'admin', 'service'), false);

CREATE FUNCTION relais.may_configure() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(relais.current_member_role() IN ('super_admin', 'service'), false);

-- Row-level security for a table with a column `workspace`. `visible` says more about which rows of
-- the workspace can be seen and written, `writer` who may write. Every part that does not speak of
-- the row stands as (SELECT …), so that it is evaluated once a statement.
CREATE PROCEDURE relais.protect(relation regclass, visible text, writer text)
    LANGUAGE plpgsql AS
$$
DECLARE
    seen text := format('workspace = (SELECT relais.current_workspace()) AND (%s)', visible);
    written text := format('%s AND (SELECT relais.%I())', seen, writer);
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY see ON %s FOR SELECT TO relais_function USING (%s)',
        relation, seen);
    EXECUTE format('CREATE POLICY add ON %s FOR INSERT TO relais_function WITH CHECK (%s)',
        relation, written);
    EXECUTE format('CREATE POLICY change ON %s FOR UPDATE TO relais_function USING (%s)',
        relation, written);
    EXECUTE format('CREATE POLICY remove ON %s FOR DELETE TO relais_function USING (%s)',
        relation, written);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO relais_function', relation);
END
$$;

REVOKE EXECUTE ON PROCEDURE relais.protect FROM PUBLIC;

-- A number of a workspace at a provider.
--
-- Secrets are sealed by the functions under a key that the database never sees. What sends reads
-- `access`, what receives reads `webhook`: neither holds the other's secrets.
CREATE TABLE relais.channel (
    id uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    provider text NOT NULL
        CHECK (provider IN ('meta', 'respondio', 'wassenger', 'waha', 'evolution')),
    base_url text NOT NULL,
    -- The provider's id of the channel: phone number id, device, session, instance.
    external_id text NOT NULL CHECK (external_id <> ''),
    -- Meta's WhatsApp Business Account: templates belong to it.
    account_id text,
    api_version text,
    phone text,
    access bytea NOT NULL,
    webhook bytea NOT NULL,
    -- Paused by the circuit breaker or by a person; only a person resumes it.
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    -- Why, as {"code", "detail", "fr", "en"}.
    reason jsonb,
    -- Pacing: the time between two messages, how many may go at once, how far the time varies at
    -- random, and a pause after every lot.
    interval_us bigint NOT NULL CHECK (interval_us BETWEEN 1 AND 86400000000),
    burst integer NOT NULL CHECK (burst BETWEEN 1 AND 100000),
    jitter_percent integer NOT NULL DEFAULT 0 CHECK (jitter_percent BETWEEN 0 AND 90),
    lot_size integer CHECK (lot_size > 0),
    lot_pause_us bigint CHECK (lot_pause_us > 0),
    -- The least time between two messages to the same person.
    pair_gap_seconds integer NOT NULL DEFAULT 6 CHECK (pair_gap_seconds >= 0),
    daily_cap integer NOT NULL CHECK (daily_cap >= 0),
    timezone text NOT NULL CHECK (relais.is_timezone(timezone)),
    -- Nothing is sent from `quiet_from` to `quiet_until`, by the clock on the wall.
    quiet_from time,
    quiet_until time,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace, id),
    -- A webhook that names its channel must mean one.
    UNIQUE (provider, base_url, external_id),
    CHECK ((lot_size IS NULL) = (lot_pause_us IS NULL)),
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);

-- What changes with every message that a channel sends. Its row is the lock under which senders
-- take from the channel: after the workspace's, before the day's.
CREATE TABLE relais.channel_state (
    channel uuid PRIMARY KEY,
    workspace uuid NOT NULL,
    -- No sender takes anything before.
    held_until timestamptz NOT NULL DEFAULT '-infinity',
    held_reason jsonb,
    -- Messages since the last pause between lots.
    lot_sent integer NOT NULL DEFAULT 0,
    -- Failures of the channel itself since the last message that went out.
    failures integer NOT NULL DEFAULT 0,
    FOREIGN KEY (workspace, channel) REFERENCES relais.channel (workspace, id) ON DELETE CASCADE
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
);

-- When the quiet hours end in which `moment` lies; NULL when it lies in none. Hours that begin and
-- end alike are no hours.
CREATE FUNCTION relais.quiet_end(
    moment timestamptz, quiet_from time, quiet_until time, timezone text
) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (
        SELECT CASE
            WHEN quiet_from < quiet_until AND at >= quiet_from AND at < quiet_until
                THEN (day + quiet_until) AT TIME ZONE timezone
            WHEN quiet_from > quiet_until AND at >= quiet_from
                THEN (day + 1 + quiet_until) AT TIME ZONE timezone
            WHEN quiet_from > quiet_until AND at < quiet_until
                THEN (day + quiet_until) AT TIME ZONE timezone
        END
        FROM (
            SELECT (moment AT TIME ZONE timezone)::date AS day,
                (moment AT TIME ZONE timezone)::time AS at
        ) AS wall
    );

-- Everybody in a workspace uses its channels; whoever may configure makes them. The platform reads
-- them, to find out whom a webhook is for and who has work.
CALL relais.protect('relais.channel', 'true', 'may_configure');
CALL relais.protect('relais.channel_state', 'true', 'may_write');

CREATE POLICY platform ON relais.channel FOR SELECT TO relais_function
    USING ((SELECT relais.is_platform()));
