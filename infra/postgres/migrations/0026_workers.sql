-- Who works on a task, whose turn it is, and requests that are answered once.

-- The process that has the task in hand, such as `verify-numbers 4711@host`. NULL while nobody has.
ALTER TABLE relais.task ADD COLUMN worker text;

-- The tenants of a queue, and the tasks of each in the order in which they are claimed. A claim by
-- turns goes from tenant to tenant here, one step down the index for each. Tasks of the platform
-- itself are one tenant more, with the id of zeros.
CREATE INDEX task_turn ON relais.task (
    queue, coalesce(workspace, '00000000-0000-0000-0000-000000000000'), priority, run_at, id);

-- Tasks whose last attempt failed. `last_error` changes only where `run_at` does, so that a claim
-- still writes no index.
CREATE INDEX task_failing ON relais.task (queue) WHERE last_error IS NOT NULL;

-- Retention goes by age.
CREATE INDEX task_total_age ON relais.task_total (hour);

-- The days that are over, time zone by time zone. A taking changes neither column.
CREATE INDEX counter_day ON relais.counter (timezone, day);

-- The months that may be over.
CREATE INDEX quota_period_start ON relais.quota_period (starts_on);

-- Firings whose runner is gone.
CREATE INDEX schedule_instant_running ON relais.schedule_instant (lease_until)
    WHERE state = 'running';

-- A request that carries an idempotency key, and what it was answered. The second request with the
-- same key gets the reply of the first.
--
-- `status` is NULL while the first is in flight. Its lease bounds that: when the process that
-- answers dies, the next request with the key takes over once the lease has ended.
CREATE TABLE relais.idempotency (
    workspace uuid NOT NULL,
    -- Who asks: a member or an API key. Two callers may choose the same key.
    caller text NOT NULL CHECK (caller <> '' AND length(caller) <= 200),
    key text NOT NULL CHECK (key <> '' AND length(key) <= 255),
    -- SHA-256 of the request: the same key with another request is a mistake of the caller.
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    -- Rises with every takeover: a finish that brings an older one changes nothing.
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
CREATE POLICY own ON relais.idempotency TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));
GRANT SELECT, INSERT, UPDATE, DELETE ON relais.idempotency TO relais_function;
