-- migrate: step by step
--
-- Indexes for the queries of the timers. Each is built concurrently.

-- Messages in flight or unknown, by workspace: settling one workspace reads no rows of others.
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_settle
    ON relais.outbox (workspace, lease_until) WHERE lease_until IS NOT NULL;

-- Finds the campaigns of a channel that have not ended, or ended recently.
CREATE INDEX CONCURRENTLY IF NOT EXISTS campaign_channel
    ON relais.campaign (workspace, channel, completed_at);
