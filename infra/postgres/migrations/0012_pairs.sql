-- The least time between two messages to the same person.

-- What else of these lanes waits to be sent to these people. As a function of the owner it finds
-- their messages in the index alone; under the policies each would be fetched from the table, old
-- ones from the disk. It tells a workspace about itself only.
CREATE FUNCTION relais.messages_waiting(contacts uuid[], lanes uuid[])
    RETURNS TABLE (message uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    SELECT waiting.message
    FROM unnest(contacts) AS person (id)
    CROSS JOIN LATERAL (
        SELECT message.id FROM relais.message
        WHERE message.workspace = (SELECT relais.current_workspace())
            AND message.contact = person.id
        ORDER BY message.id DESC LIMIT 1000
    ) AS said
    CROSS JOIN LATERAL (
        SELECT outbox.message FROM relais.outbox
        WHERE outbox.message = said.id AND outbox.lane = ANY (lanes)
            AND outbox.lease_until IS NULL
        LIMIT 1
    ) AS waiting
    WHERE (SELECT relais.sees_workspace());
END;

REVOKE EXECUTE ON FUNCTION relais.messages_waiting FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.messages_waiting TO relais_function;
