-- The day on which a quota is renewed may be moved. A period that begins within a month of the one
-- before it gives no second quota: it begins with what that one has used.
ALTER TABLE relais.quota_period
    ADD COLUMN carried integer NOT NULL DEFAULT 0 CHECK (carried >= 0);
