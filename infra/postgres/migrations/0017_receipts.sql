-- A receipt may say that a message failed and is worth another attempt, long after it has left the
-- outbox. So the message itself knows what such a receipt must be held against.
ALTER TABLE relais.message
    -- Attempts that failed because of the message itself.
    ADD COLUMN failures smallint NOT NULL DEFAULT 0,
    -- The last attempt that came back by a receipt: that it was sent means nothing any more.
    ADD COLUMN returned_attempt integer NOT NULL DEFAULT 0;

UPDATE relais.message SET failures = outbox.failures
FROM relais.outbox WHERE outbox.message = message.id AND outbox.failures > 0;

ALTER TABLE relais.outbox DROP COLUMN failures;
