-- migrate: step by step
--
-- Keys and foreign keys of the large tables carry the workspace, so that no row can name another
-- workspace's. Each statement is a transaction of its own; indexes are built while others write.
-- A foreign key is added without a look at the rows that are there, and then validated: the look
-- takes a lock under which others write.

-- -------------------------------------------------------------------------------------- messages

-- What the foreign keys below lead to.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS message_of_workspace
    ON relais.message (workspace, id);

ALTER TABLE relais.message
    ADD CONSTRAINT message_channel_fkey FOREIGN KEY (workspace, channel)
        REFERENCES relais.channel (workspace, id) NOT VALID,
    ADD CONSTRAINT message_template_fkey FOREIGN KEY (workspace, template)
        REFERENCES relais.template (workspace, id) NOT VALID;
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

-- In the order in which a lane is claimed.
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_ready
    ON relais.outbox (workspace, lane, priority, due_at, message) WHERE lease_until IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS relais.outbox_due;

-- Whether a campaign still waits for an outcome.
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_unsettled
    ON relais.outbox (workspace, lane) WHERE state IN ('sending', 'unknown');

-- ------------------------------------------------------------------------------- what timers read

-- Numbers that nobody has asked a provider about.
CREATE INDEX CONCURRENTLY IF NOT EXISTS contact_unasked
    ON relais.contact (workspace, id)
    WHERE whatsapp_verified IS NULL AND phone IS NOT NULL AND status = 'active';

-- Firings that are under way.
CREATE INDEX CONCURRENTLY IF NOT EXISTS schedule_instant_unfinished
    ON relais.schedule_instant (name, lease_until) WHERE state = 'running';
