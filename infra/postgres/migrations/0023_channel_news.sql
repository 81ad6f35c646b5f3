-- Provider news about channels, a sixth provider, and calls.

-- Twilio is the sixth provider. The new check skips existing rows: each of them passed a narrower
-- one.
ALTER TABLE relais.channel DROP CONSTRAINT channel_provider_check;
ALTER TABLE relais.channel ADD CONSTRAINT channel_provider_check CHECK (
    provider IN ('meta', 'respondio', 'wassenger', 'waha', 'evolution', 'twilio')) NOT VALID;

ALTER TABLE relais.channel
    -- How many people the number may contact first in a day, in the provider's notation: TIER_2K.
    ADD COLUMN messaging_limit text,
    -- The provider's last warning, as {"code", "detail", "fr", "en"}. Sending continues.
    ADD COLUMN warning jsonb,
    -- The time of the news behind these two columns: older news changes nothing.
    ADD COLUMN noted_at timestamptz,
    -- Whether marketing templates go through Meta's marketing API, which chooses the people it
    -- reaches.
    ADD COLUMN marketing_api boolean NOT NULL DEFAULT false;

-- `call`: a contact called, whether or not the call was answered.
ALTER TABLE relais.interaction DROP CONSTRAINT interaction_kind_check;
ALTER TABLE relais.interaction ADD CONSTRAINT interaction_kind_check CHECK (
    kind IN ('reply', 'choice', 'reaction', 'click', 'call', 'opt_out', 'opt_in')) NOT VALID;
