-- Who may see what. Everything of Relais lives in the schema relais and is always named with it.

CREATE SCHEMA relais;

-- What the functions log in as is a member of this role. It owns nothing, so row-level security
-- holds for it. Roles belong to the whole cluster: another database may have made it already, or be
-- making it right now.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'relais_function') THEN
        CREATE ROLE relais_function NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'there is no role relais_function, and % may not create it', CURRENT_USER
            USING HINT = 'As an administrator of the server: CREATE ROLE relais_function NOLOGIN;';
END
$$;

GRANT USAGE ON SCHEMA relais TO relais_function;

-- The identity of a transaction: settings that end with it. One that was forgotten is NULL or
-- false, and matches no row. A policy calls these as (SELECT …): evaluated once a statement, and
-- the index on what is compared stays in use.
CREATE FUNCTION relais.current_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('relais.workspace_id', true), '')::uuid;

CREATE FUNCTION relais.current_member() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('relais.user_id', true), '')::uuid;

-- 'super_admin' sees the workspace, 'admin' what they created, 'operator' reads.
CREATE FUNCTION relais.current_member_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('relais.role', true), '');

-- The platform's own work, such as claiming tasks of every workspace. Only tables of the platform
-- let it in: an OR in the policy of a large table would cost that table its index on workspace.
CREATE FUNCTION relais.is_platform() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('relais.scope', true) = 'platform', false);

CREATE TABLE relais.workspace (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    timezone text NOT NULL DEFAULT 'Europe/Paris',
    -- NULL is without limit.
    monthly_message_quota integer CHECK (monthly_message_quota >= 0),
    -- The last day of a shorter month stands for a day that it does not have.
    quota_renews_on smallint NOT NULL DEFAULT 1 CHECK (quota_renews_on BETWEEN 1 AND 31),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- A name that PostgreSQL does not know is refused when it is written, not at midnight.
CREATE FUNCTION relais.is_timezone(name text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS
$$
BEGIN
    PERFORM timestamp '2000-01-01' AT TIME ZONE name;
    RETURN true;
EXCEPTION
    WHEN invalid_parameter_value THEN RETURN false;
END
$$;

ALTER TABLE relais.workspace ADD CHECK (relais.is_timezone(timezone));
ALTER TABLE relais.workspace ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON relais.workspace TO relais_function
    USING (id = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));

GRANT SELECT, INSERT, UPDATE, DELETE ON relais.workspace TO relais_function;
