-- migrate: step by step
--
-- What operators are shown about the webhooks of a channel, at a cost that does not grow with them.

-- Failed webhooks, by channel.
CREATE INDEX CONCURRENTLY IF NOT EXISTS webhook_inbox_failed
    ON relais.webhook_inbox (workspace, channel) WHERE state = 'failed';

-- When the latest webhook of the line arrived that was claimed so far.
ALTER TABLE relais.inbox_turn ADD COLUMN received_at timestamptz;

CREATE POLICY see ON relais.inbox_turn FOR SELECT TO relais_function
    USING (workspace = (SELECT relais.current_workspace()) AND (SELECT relais.sees_workspace()));

-- Webhooks that arrived before this migration. The scan blocks nobody; the rows are locked after it.
INSERT INTO relais.inbox_turn (workspace, line, served_at, received_at)
SELECT workspace, channel, '-infinity'::timestamptz, max(received_at)
FROM relais.webhook_inbox
GROUP BY workspace, channel
ORDER BY workspace, channel
ON CONFLICT (workspace, line) DO UPDATE
SET received_at = greatest(inbox_turn.received_at, excluded.received_at);
