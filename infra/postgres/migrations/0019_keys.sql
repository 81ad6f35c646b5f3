-- migrate: step by step
--
-- Keys and foreign keys of the large tables include the workspace, so that no row can refer to
-- another workspace's. Each statement is its own transaction, and indexes are built concurrently.
--
-- A foreign key is added without checking existing rows, and then validated. The validation takes a
-- lock that allows concurrent writes.

-- -------------------------------------------------------------------------------------- messages

-- The unique key that the foreign keys below reference.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS message_of_workspace
    ON relais.message (workspace, id);

ALTER TABLE relais.message
    ADD CONSTRAINT message_channel_fkey FOREIGN KEY (workspace, channel)
        REFERENCES relais.channel (workspace, id) NOT VALID,
    ADD CONSTRAINT message_template_fkey FOREIGN KEY (workspace, template)
        REFERENCES relais.template (workspace, id) NOT VALID;
-- Until now nothing kept a template that messages name. Each one that was deleted gets a row again,
-- disabled, so the messages stay as they are. None can be added meanwhile: the key above holds for
-- new rows.
INSERT INTO relais.template (id, workspace, account_id, name, language, category, body, status,
    reason)
SELECT lost.id, lost.workspace, '', 'removed_' || replace(lost.id::text, '-', '_'), 'und',
    'UTILITY', 'Modèle supprimé', 'disabled',
    'Ce modèle a été supprimé ; des messages le nomment encore. / This template was deleted; '
        || 'messages still name it.'
FROM (
    SELECT DISTINCT message.template AS id, message.workspace FROM relais.message
    WHERE message.template IS NOT NULL AND NOT EXISTS (
        SELECT FROM relais.template
        WHERE template.workspace = message.workspace AND template.id = message.template)
) AS lost
ON CONFLICT DO NOTHING;

-- What remains is a row of another workspace. A person must decide.
DO $$
DECLARE
    wrong record;
BEGIN
    SELECT count(*) AS messages, min(message.id::text) AS first INTO wrong FROM relais.message
    WHERE NOT EXISTS (
            SELECT FROM relais.channel
            WHERE channel.workspace = message.workspace AND channel.id = message.channel)
        OR message.template IS NOT NULL AND NOT EXISTS (
            SELECT FROM relais.template
            WHERE template.workspace = message.workspace AND template.id = message.template);
    IF wrong.messages > 0 THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('%s messages name a channel or a template that their workspace does '
                'not have; the first is %s. Delete or correct them, then migrate again',
                wrong.messages, wrong.first);
    END IF;
END
$$;

ALTER TABLE relais.message VALIDATE CONSTRAINT message_channel_fkey;
ALTER TABLE relais.message VALIDATE CONSTRAINT message_template_fkey;

ALTER TABLE relais.outbox
    DROP CONSTRAINT outbox_message_fkey,
    ADD CONSTRAINT outbox_message_fkey FOREIGN KEY (workspace, message)
        REFERENCES relais.message (workspace, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE relais.outbox VALIDATE CONSTRAINT outbox_message_fkey;

ALTER TABLE relais.message_reference
    DROP CONSTRAINT message_reference_message_fkey,
    ADD CONSTRAINT message_reference_message_fkey FOREIGN KEY (workspace, message)
        REFERENCES relais.message (workspace, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE relais.message_reference VALIDATE CONSTRAINT message_reference_message_fkey;

ALTER TABLE relais.interaction
    DROP CONSTRAINT interaction_message_fkey,
    ADD CONSTRAINT interaction_message_fkey FOREIGN KEY (workspace, message)
        REFERENCES relais.message (workspace, id) ON DELETE SET NULL (message) NOT VALID,
    ADD CONSTRAINT interaction_channel_fkey FOREIGN KEY (workspace, channel)
        REFERENCES relais.channel (workspace, id) NOT VALID;
ALTER TABLE relais.interaction VALIDATE CONSTRAINT interaction_message_fkey;
ALTER TABLE relais.interaction VALIDATE CONSTRAINT interaction_channel_fkey;

ALTER TABLE relais.link_click
    DROP CONSTRAINT link_click_message_fkey,
    ADD CONSTRAINT link_click_message_fkey FOREIGN KEY (workspace, message)
        REFERENCES relais.message (workspace, id) ON DELETE CASCADE NOT VALID;
ALTER TABLE relais.link_click VALIDATE CONSTRAINT link_click_message_fkey;

ALTER TABLE relais.campaign
    ADD CONSTRAINT campaign_relaunch_of_fkey FOREIGN KEY (workspace, relaunch_of)
        REFERENCES relais.campaign (workspace, id) ON DELETE SET NULL (relaunch_of) NOT VALID;
ALTER TABLE relais.campaign VALIDATE CONSTRAINT campaign_relaunch_of_fkey;

-- ---------------------------------------------------------------------------------------- outbox

-- In the order in which a lane's messages are claimed.
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_ready
    ON relais.outbox (workspace, lane, priority, due_at, message) WHERE lease_until IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS relais.outbox_due;

-- Finds the messages of a campaign whose outcome is still open.
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_unsettled
    ON relais.outbox (workspace, lane) WHERE state IN ('sending', 'unknown');

-- ----------------------------------------------------------------------------- indexes for timers

-- Numbers that were not checked with a provider yet.
CREATE INDEX CONCURRENTLY IF NOT EXISTS contact_unasked
    ON relais.contact (workspace, id)
    WHERE whatsapp_verified IS NULL AND phone IS NOT NULL AND status = 'active';

-- Runs of schedules that are in progress.
CREATE INDEX CONCURRENTLY IF NOT EXISTS schedule_instant_unfinished
    ON relais.schedule_instant (name, lease_until) WHERE state = 'running';
