-- Work: tasks, rates, counters and schedules.
--
-- No foreign key leads to relais.workspace: each would lock the workspace's row for every task, and
-- the senders of a workspace would meet there.

-- ---------------------------------------------------------------------------------------- tasks

-- What is to be done, and nothing else: a finished task leaves, so that the table stays small.
--
-- A claim and a finish write no index: the claim changes no indexed column, and fillfactor leaves
-- room for the new version on the same page (HOT); the finish deletes. There is no index on leases:
-- who claims from the start of task_claim meets expired ones on the way.
CREATE TABLE relais.task (
    id uuid PRIMARY KEY,
    queue text NOT NULL,
    -- 0 goes first. Few and fixed, because a claim looks at each by itself.
    priority smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 0 AND 3),
    run_at timestamptz NOT NULL,
    workspace uuid,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL CHECK (max_attempts > 0),
    -- Rises with every claim: a finish that brings an older one changes nothing.
    lease_token bigint NOT NULL DEFAULT 0,
    -- NULL while nobody holds it.
    lease_until timestamptz,
    expires_at timestamptz,
    dedupe_key text,
    -- Replaced while somebody held it: the finish makes it ready again.
    again boolean NOT NULL DEFAULT false,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now()
) WITH (
    fillfactor = 50,
    -- Every row dies soon; the share of dead rows says nothing about so small a table.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX task_claim ON relais.task (queue, priority, run_at, id);

CREATE UNIQUE INDEX task_dedupe ON relais.task (queue, dedupe_key) WHERE dedupe_key IS NOT NULL;

CREATE INDEX task_expiry ON relais.task (expires_at) WHERE expires_at IS NOT NULL;

-- Dead letters, until somebody retries or drops them.
CREATE TABLE relais.task_dead (
    id uuid PRIMARY KEY,
    queue text NOT NULL,
    priority smallint NOT NULL,
    workspace uuid,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    attempts integer NOT NULL,
    max_attempts integer NOT NULL,
    -- Kept, so that a retry goes on counting.
    lease_token bigint NOT NULL,
    dedupe_key text,
    reason text NOT NULL CHECK (reason IN ('exhausted', 'expired', 'refused')),
    last_error text,
    created_at timestamptz NOT NULL,
    died_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX task_dead_queue ON relais.task_dead (queue, died_at DESC, id);

-- How many tasks ended how. A finish appends a row and so waits for nobody; folding adds them up.
CREATE TABLE relais.task_tally (
    queue text NOT NULL,
    hour timestamptz NOT NULL,
    done integer NOT NULL,
    retried integer NOT NULL,
    dead integer NOT NULL
) WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_threshold = -1
);

CREATE TABLE relais.task_total (
    queue text NOT NULL,
    hour timestamptz NOT NULL,
    done bigint NOT NULL,
    retried bigint NOT NULL,
    dead bigint NOT NULL,
    PRIMARY KEY (queue, hour)
);

-- ---------------------------------------------------------------------------------------- rates

-- One row a bucket (GCRA). `theoretical_arrival` alone is the state; the columns after it are what
-- the last taker is told, because RETURNING knows no old row before PostgreSQL 18. No index on what
-- moves, and half of each page free: every take is a HOT update.
CREATE TABLE relais.rate_bucket (
    key text PRIMARY KEY,
    workspace uuid,
    interval_us bigint NOT NULL CHECK (interval_us BETWEEN 1 AND 86400000000),
    burst integer NOT NULL CHECK (burst BETWEEN 1 AND 100000),
    -- Microseconds since 1970: whole numbers do not round.
    theoretical_arrival bigint NOT NULL DEFAULT 0,
    granted integer NOT NULL DEFAULT 0,
    first_at bigint NOT NULL DEFAULT 0,
    seen_at bigint NOT NULL DEFAULT 0
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
);

-- Takes up to `wanted` tokens of which the last may be used within `horizon` microseconds (GCRA). A
-- token's arrival is one interval after the one before it, and never before now; it may be used
-- earlier than that by the tolerance, which is what the burst is worth.
--
-- All that SET reads is the row itself and the clock: who waited for the row's lock computes anew
-- with the row as it is then, at the time that it is then. A query that read the row first would
-- not, and would grant the same tokens twice. The clock is read once, in a subquery that is not
-- flattened because it is volatile. A function, because its plan is kept: planning this statement
-- costs four times as much as running it.
CREATE FUNCTION relais.take_tokens(wanted bigint, bucket_key text, horizon bigint)
    RETURNS TABLE (
        granted integer, first_at bigint, seen_at bigint, interval_us bigint,
        theoretical_arrival bigint
    )
    LANGUAGE plpgsql AS
$$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    UPDATE relais.rate_bucket AS bucket
    SET (theoretical_arrival, granted, first_at, seen_at) = (
        SELECT base + count * bucket.interval_us, count, base - tolerance, now
        FROM (
            SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now
        ) AS clock
        CROSS JOIN LATERAL (
            SELECT greatest(now, bucket.theoretical_arrival) AS base,
                (bucket.burst - 1) * bucket.interval_us AS tolerance
        ) AS state
        CROSS JOIN LATERAL (
            SELECT now + horizon + tolerance - base AS room
        ) AS space
        CROSS JOIN LATERAL (
            SELECT CASE WHEN room < 0 THEN 0
                ELSE least(wanted, room / bucket.interval_us + 1) END AS count
        ) AS share
    )
    WHERE bucket.key = bucket_key
    RETURNING bucket.granted, bucket.first_at, bucket.seen_at, bucket.interval_us,
        bucket.theoretical_arrival;
END
$$;

-- -------------------------------------------------------------------------------------- counters

-- What was used of a day's allowance, on the calendar of the place where it counts.
CREATE TABLE relais.counter (
    key text NOT NULL,
    day date NOT NULL,
    workspace uuid,
    timezone text NOT NULL CHECK (relais.is_timezone(timezone)),
    used integer NOT NULL CHECK (used >= 0),
    cap integer NOT NULL CHECK (cap >= 0),
    granted integer NOT NULL,
    PRIMARY KEY (key, day)
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 0
);

CREATE TABLE relais.counter_history (
    key text NOT NULL,
    day date NOT NULL,
    workspace uuid,
    used integer NOT NULL,
    cap integer NOT NULL,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (key, day)
);

CREATE INDEX counter_history_workspace ON relais.counter_history (workspace, day);

-- ------------------------------------------------------------------------------------- schedules

-- How far each schedule was followed. Its row is the lock under which its instants start.
CREATE TABLE relais.schedule (
    name text PRIMARY KEY,
    followed_until timestamptz NOT NULL
);

-- The row that whoever fires an instant must be first to write.
CREATE TABLE relais.schedule_instant (
    name text NOT NULL,
    instant timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'skipped')),
    runner text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- After this a runner that did not finish counts as gone.
    lease_until timestamptz NOT NULL,
    finished_at timestamptz,
    error text,
    PRIMARY KEY (name, instant)
);

-- --------------------------------------------------------------------------------- who sees what

ALTER TABLE relais.task ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.task_dead ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.task_tally ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.task_total ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.rate_bucket ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.counter_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.schedule ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.schedule_instant ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON relais.task TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));
CREATE POLICY own ON relais.task_dead TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));
CREATE POLICY own ON relais.rate_bucket TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));
CREATE POLICY own ON relais.counter TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));
CREATE POLICY own ON relais.counter_history TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));

-- A task may be finished in a workspace's own transaction; what adds up is the platform's to read.
CREATE POLICY anybody ON relais.task_tally FOR INSERT TO relais_function
    WITH CHECK ((SELECT relais.current_workspace()) IS NOT NULL);
CREATE POLICY platform ON relais.task_tally TO relais_function
    USING ((SELECT relais.is_platform()));
CREATE POLICY platform ON relais.task_total TO relais_function
    USING ((SELECT relais.is_platform()));
CREATE POLICY platform ON relais.schedule TO relais_function
    USING ((SELECT relais.is_platform()));
CREATE POLICY platform ON relais.schedule_instant TO relais_function
    USING ((SELECT relais.is_platform()));

GRANT SELECT, INSERT, UPDATE, DELETE
    ON relais.task, relais.task_dead, relais.task_tally, relais.task_total, relais.rate_bucket,
        relais.counter, relais.counter_history, relais.schedule, relais.schedule_instant
    TO relais_function;
