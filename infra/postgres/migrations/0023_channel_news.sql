-- What a provider says about a channel, a sixth provider, and calls.

-- Twilio carries messages, too. The new check is made without a look at the rows: each of them
-- passed a narrower one.
ALTER TABLE relais.channel DROP CONSTRAINT channel_provider_check;
ALTER TABLE relais.channel ADD CONSTRAINT channel_provider_check CHECK (
    provider IN ('meta', 'respondio', 'wassenger', 'waha', 'evolution', 'twilio')) NOT VALID;

ALTER TABLE relais.channel
    -- How many people the number may write to first in a day, in the provider's word: TIER_2K.
    ADD COLUMN messaging_limit text,
    -- The provider's last warning, as {"code", "detail", "fr", "en"}. Sending goes on.
    ADD COLUMN warning jsonb,
    -- The time of the news that these two come from: older news changes nothing.
    ADD COLUMN noted_at timestamptz,
    -- Marketing templates go through the API that Meta has for them. It chooses whom they reach.
    ADD COLUMN marketing_api boolean NOT NULL DEFAULT false;

-- A contact who calls, whether or not the call was taken.
ALTER TABLE relais.interaction DROP CONSTRAINT interaction_kind_check;
ALTER TABLE relais.interaction ADD CONSTRAINT interaction_kind_check CHECK (
    kind IN ('reply', 'choice', 'reaction', 'click', 'call', 'opt_out', 'opt_in')) NOT VALID;
