-- A provider is asked for messages of which nobody knows whether they went out. While one is
-- unknown, its `due_at` says when it is asked for next.

CREATE INDEX outbox_unknown ON relais.outbox (due_at) WHERE state = 'unknown';

-- Channels of these providers with messages that are to be asked for.
CREATE FUNCTION relais.channels_to_ask(providers text[])
    RETURNS TABLE (channel uuid, workspace uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT DISTINCT channel.id, channel.workspace
    FROM relais.outbox
    JOIN relais.message ON message.id = outbox.message
    JOIN relais.channel ON channel.id = message.channel
    WHERE relais.is_platform() AND outbox.state = 'unknown'
        AND outbox.due_at <= statement_timestamp() AND channel.provider = ANY (providers);
END;

REVOKE EXECUTE ON FUNCTION relais.channels_to_ask FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.channels_to_ask TO relais_function;
