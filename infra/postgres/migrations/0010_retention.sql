-- What the platform deletes once its time is over.

-- A status that no message ever came for is nobody's: the platform forgets it.
CREATE POLICY platform ON relais.orphan_status TO relais_function
    USING ((SELECT relais.is_platform()));

-- Retention goes by age: without these a clean-up every ten minutes reads whole tables.
CREATE INDEX schedule_instant_age ON relais.schedule_instant (finished_at)
    WHERE finished_at IS NOT NULL;
CREATE INDEX task_dead_age ON relais.task_dead (died_at);
