-- The rows of a workspace go with it. No table has a foreign key to the workspace: each new row would
-- lock the workspace's row. So a trigger deletes them, what refers to other rows first.
--
-- A function at work for the workspace at this moment may still add a limit or a counter.
CREATE FUNCTION relais.forget_workspace() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY[
        'task', 'task_dead', 'outbox', 'link_click', 'interaction', 'orphan_status',
        'message_reference', 'message_amendment', 'message', 'conversation', 'campaign_category',
        'campaign_exclusion', 'campaign_count', 'campaign_failure', 'campaign_answer', 'link',
        'campaign', 'category_member', 'category', 'number_check', 'contact_identity', 'contact',
        'template', 'webhook_inbox', 'inbox_turn', 'channel_state', 'channel', 'channel_day',
        'message_move', 'rate_bucket', 'counter', 'counter_history', 'quota_period',
        'quota_history', 'idempotency'
    ] LOOP
        EXECUTE format('DELETE FROM relais.%I WHERE workspace = $1', relation) USING OLD.id;
    END LOOP;
    RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION relais.forget_workspace FROM PUBLIC;

CREATE TRIGGER forget AFTER DELETE ON relais.workspace
    FOR EACH ROW EXECUTE FUNCTION relais.forget_workspace();
