-- Replies that are kept belong to their caller. A removed workspace leaves no row behind. Figures of
-- days are kept for two years.

-- The member or API key that sent the request; NULL without one.
CREATE FUNCTION relais.current_caller() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('relais.caller', true), '');

-- A reply holds what its caller may see, such as people's data. Nobody else reads it.
DROP POLICY own ON relais.idempotency;
CREATE POLICY own ON relais.idempotency TO relais_function
    USING (workspace = (SELECT relais.current_workspace())
        AND caller = (SELECT relais.current_caller()));

-- For retention by age.
CREATE INDEX channel_day_age ON relais.channel_day (day);
CALL relais.open_to_platform('relais.channel_day');
