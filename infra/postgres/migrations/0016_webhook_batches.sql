-- Webhooks that come together are kept together: one commit, and one look at the channel that the
-- foreign key locks, for as many as waited.

DROP FUNCTION relais.keep_webhook;

-- Keeps webhooks; a second delivery of the same bytes is no second row, within a call as between
-- calls. As a function of the owner its plan is made once a session, without the policies: by itself
-- the INSERT took three times as long to plan as to run. A channel must be its workspace's: the
-- foreign key says so. All have one time, and their ids keep them in the order of their arrival; they
-- are written in the order of their keys, so that two calls never wait for each other.
CREATE FUNCTION relais.keep_webhooks(
    ids uuid[], workspaces uuid[], channels uuid[], providers text[], dedupe_keys text[],
    bodies bytea[]
) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    IF NOT relais.is_platform() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only the platform keeps webhooks';
    END IF;
    INSERT INTO relais.webhook_inbox
        (id, workspace, channel, provider, dedupe_key, body, received_at)
    SELECT kept.*, statement_timestamp()
    FROM unnest($1, $2, $3, $4, $5, $6)
        AS kept (id, workspace, channel, provider, dedupe_key, body)
    ORDER BY kept.channel, kept.dedupe_key
    ON CONFLICT ON CONSTRAINT webhook_inbox_channel_dedupe_key_key DO NOTHING;
END
$$;

REVOKE EXECUTE ON FUNCTION relais.keep_webhooks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.keep_webhooks TO relais_function;
