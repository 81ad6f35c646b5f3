-- migrate: step by step
--
-- What the looks of the timers step down. Each index is built while others write.

-- What is in hand or unknown, by workspace: settling one reads nothing of the others.
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_settle
    ON relais.outbox (workspace, lease_until) WHERE lease_until IS NOT NULL;

-- The campaigns of a channel that have not ended, or ended lately.
CREATE INDEX CONCURRENTLY IF NOT EXISTS campaign_channel
    ON relais.campaign (workspace, channel, completed_at);
