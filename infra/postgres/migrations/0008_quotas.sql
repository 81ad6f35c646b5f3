-- The monthly allowance of a workspace's plan.

-- The first day of the period that a day belongs to. The last day of a shorter month stands for a
-- day that it does not have.
CREATE FUNCTION relais.period_start(day date, renews_on integer) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT max(start)
        FROM (VALUES (0), (1)) AS back (months)
        CROSS JOIN LATERAL (
            SELECT (date_trunc('month', day) - make_interval(months => months))::date AS first
        ) AS month
        CROSS JOIN LATERAL (
            SELECT least(
                first + renews_on - 1,
                (first + interval '1 month' - interval '1 day')::date
            ) AS start
        ) AS renewal
        WHERE start <= day
    );

-- What a workspace has used in its current period. One row a workspace and period; the row of a
-- period that is over moves to history, however late somebody comes to move it.
CREATE TABLE relais.quota_period (
    workspace uuid NOT NULL,
    starts_on date NOT NULL,
    used integer NOT NULL CHECK (used >= 0),
    -- NULL is without limit.
    quota integer CHECK (quota >= 0),
    granted integer NOT NULL,
    PRIMARY KEY (workspace, starts_on)
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500
);

CREATE TABLE relais.quota_history (
    workspace uuid NOT NULL,
    starts_on date NOT NULL,
    used integer NOT NULL,
    quota integer,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (workspace, starts_on)
);

ALTER TABLE relais.quota_period ENABLE ROW LEVEL SECURITY;
ALTER TABLE relais.quota_history ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON relais.quota_period TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));
CREATE POLICY own ON relais.quota_history TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) OR (SELECT relais.is_platform()));

GRANT SELECT, INSERT, UPDATE, DELETE ON relais.quota_period, relais.quota_history
    TO relais_function;
