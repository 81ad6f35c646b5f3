-- migrate: step by step
--
-- Message counts that are updated with each change, so that no list and no statistic reads the
-- messages themselves.
--
--   message_move      recent changes: one row per statement, kind of change and campaign
--   campaign_count    how many messages of a campaign are in each state
--   campaign_failure  how many of its messages failed, by reason
--   channel_day       how many messages of a channel changed between two states, by day
--
-- A trigger adds a row to message_move in the transaction that changes messages. The insert takes
-- no lock that others wait for, so senders and webhook readers never block each other here. A timer
-- folds the rows into the other tables. A figure is the sum of folded and unfolded rows: one
-- snapshot shows each change exactly once.

CREATE TABLE relais.message_move (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    -- NULL outside campaigns.
    campaign uuid,
    step smallint NOT NULL,
    -- In the workspace's time zone. NULL for messages that were there before they were counted.
    day date,
    -- NULL for a new message.
    was relais.message_status,
    -- NULL for a deleted message.
    became relais.message_status,
    -- Why these messages failed, while `was` or `became` is `failed`.
    was_reason jsonb,
    reason jsonb,
    messages integer NOT NULL,
    -- Contacts who answered the campaign for the first time.
    answers integer NOT NULL DEFAULT 0
) WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX message_move_campaign ON relais.message_move (workspace, campaign)
    WHERE campaign IS NOT NULL;

CREATE TABLE relais.campaign_count (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    step smallint NOT NULL,
    status relais.message_status NOT NULL,
    messages bigint NOT NULL,
    PRIMARY KEY (workspace, campaign, step, status),
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE
) WITH (fillfactor = 50);

CREATE TABLE relais.campaign_failure (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    -- The reason's code and French sentence. They identify the reason: the provider's own words
    -- differ from message to message.
    code text,
    french text,
    -- One complete example of these reasons.
    reason jsonb,
    messages bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (workspace, campaign, code, french),
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE
);

CREATE TABLE relais.channel_day (
    workspace uuid NOT NULL,
    channel uuid NOT NULL,
    day date NOT NULL,
    was relais.message_status,
    became relais.message_status,
    messages bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (workspace, channel, day, was, became)
) WITH (fillfactor = 50);

-- How many contacts answered a campaign. The fold alone writes it: a column of the campaign would
-- make the fold wait for whoever has locked the campaign.
CREATE TABLE relais.campaign_answer (
    workspace uuid NOT NULL,
    campaign uuid NOT NULL,
    contacts bigint NOT NULL,
    PRIMARY KEY (workspace, campaign),
    FOREIGN KEY (workspace, campaign) REFERENCES relais.campaign (workspace, id) ON DELETE CASCADE
) WITH (fillfactor = 50);

-- A member who sees a campaign sees its figures. Only the triggers and the fold write them.
CALL relais.protect('relais.message_move',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = message_move.campaign)',
    'is_service');
CALL relais.protect('relais.campaign_count',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = campaign_count.campaign)',
    'is_service');
CALL relais.protect('relais.campaign_failure',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = campaign_failure.campaign)',
    'is_service');
CALL relais.protect('relais.campaign_answer',
    '(SELECT relais.sees_workspace()) OR EXISTS (
        SELECT FROM relais.campaign WHERE campaign.id = campaign_answer.campaign)',
    'is_service');
CALL relais.protect('relais.channel_day', '(SELECT relais.sees_workspace())', 'is_service');

CREATE FUNCTION relais.note_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    INSERT INTO relais.message_move
        (workspace, channel, campaign, step, day, was, became, was_reason, reason, messages)
    SELECT workspace, channel, campaign, step, day,
        CASE TG_OP WHEN 'DELETE' THEN status END, CASE TG_OP WHEN 'INSERT' THEN status END,
        CASE TG_OP WHEN 'DELETE' THEN reason END, CASE TG_OP WHEN 'INSERT' THEN reason END, count
    FROM (
        SELECT message.workspace, channel, campaign, step,
            (now() AT TIME ZONE relais.known_timezone(timezone))::date AS day, status,
            min(CASE status WHEN 'failed' THEN reason::text END)::jsonb AS reason, count(*)
        FROM touched AS message JOIN relais.workspace ON workspace.id = message.workspace
        GROUP BY message.workspace, channel, campaign, step, timezone, status,
            CASE status WHEN 'failed' THEN reason ->> 'code' END,
            CASE status WHEN 'failed' THEN reason ->> 'fr' END
    ) AS touched_messages;
    RETURN NULL;
END
$$;

-- A message that stays `failed` for another reason counts as moved.
CREATE FUNCTION relais.note_moved_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    INSERT INTO relais.message_move
        (workspace, channel, campaign, step, day, was, became, was_reason, reason, messages)
    SELECT move.workspace, channel, campaign, step, (now() AT TIME ZONE relais.known_timezone(timezone))::date, was,
        became, min(was_reason::text)::jsonb, min(reason::text)::jsonb, count(*)
    FROM (
        SELECT after.workspace, after.channel, after.campaign, after.step, before.status AS was,
            after.status AS became,
            CASE before.status WHEN 'failed' THEN before.reason END AS was_reason,
            CASE after.status WHEN 'failed' THEN after.reason END AS reason
        FROM before JOIN after ON after.id = before.id
        WHERE after.status <> before.status
            OR after.status = 'failed' AND after.reason IS DISTINCT FROM before.reason
    ) AS move JOIN relais.workspace ON workspace.id = move.workspace
    GROUP BY move.workspace, channel, campaign, step, timezone, was, became,
        was_reason ->> 'code', was_reason ->> 'fr', reason ->> 'code', reason ->> 'fr';
    RETURN NULL;
END
$$;

-- Counts a contact's first answer to a campaign. A reader locks the contact, so no two of its
-- answers count as the first.
CREATE FUNCTION relais.note_first_answers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    INSERT INTO relais.message_move (workspace, channel, campaign, step, day, messages, answers)
    SELECT first.workspace, min(channel::text)::uuid, campaign, 1,
        (now() AT TIME ZONE relais.known_timezone(timezone))::date, 0, count(DISTINCT contact)
    FROM heard AS first JOIN relais.workspace ON workspace.id = first.workspace
    WHERE campaign IS NOT NULL AND kind IN ('reply', 'choice', 'reaction')
        AND NOT EXISTS (
            SELECT FROM relais.interaction AS earlier
            WHERE earlier.workspace = first.workspace AND earlier.contact = first.contact
                AND earlier.campaign = first.campaign
                AND earlier.kind IN ('reply', 'choice', 'reaction')
                AND earlier.id NOT IN (SELECT id FROM heard)
        )
    GROUP BY first.workspace, campaign, timezone;
    RETURN NULL;
END
$$;

CREATE TRIGGER note_new AFTER INSERT ON relais.message
    REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION relais.note_messages();
CREATE TRIGGER note_moved AFTER UPDATE ON relais.message
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION relais.note_moved_messages();
CREATE TRIGGER note_gone AFTER DELETE ON relais.message
    REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION relais.note_messages();
CREATE TRIGGER note_first_answers AFTER INSERT ON relais.interaction
    REFERENCING NEW TABLE AS heard
    FOR EACH STATEMENT EXECUTE FUNCTION relais.note_first_answers();

-- Counts the messages that were there before the triggers, while others change them. One snapshot
-- shows the messages and the moves noted so far; the row added is their difference. Nothing can be
-- folded yet, because the function that folds comes last.
INSERT INTO relais.message_move (workspace, channel, campaign, step, became, reason, messages)
SELECT workspace, min(channel::text)::uuid, campaign, step, status, min(reason::text)::jsonb,
    sum(messages)
FROM (
    SELECT workspace, channel, campaign, step, status,
        CASE status WHEN 'failed' THEN reason END AS reason, 1 AS messages
    FROM relais.message WHERE campaign IS NOT NULL
    UNION ALL
    SELECT workspace, channel, campaign, step, became, reason, -messages
    FROM relais.message_move WHERE campaign IS NOT NULL AND became IS NOT NULL
    UNION ALL
    SELECT workspace, channel, campaign, step, was, was_reason, messages
    FROM relais.message_move WHERE campaign IS NOT NULL AND was IS NOT NULL
) AS counted
GROUP BY workspace, campaign, step, status, reason ->> 'code', reason ->> 'fr'
HAVING sum(messages) <> 0;

-- Counts the contacts who answered before, in the same way.
INSERT INTO relais.message_move (workspace, channel, campaign, step, messages, answers)
SELECT workspace, min(channel::text)::uuid, campaign, 1, 0, sum(answers)
FROM (
    SELECT workspace, min(channel::text)::uuid AS channel, campaign,
        count(DISTINCT contact) AS answers
    FROM relais.interaction
    WHERE campaign IS NOT NULL AND kind IN ('reply', 'choice', 'reaction')
    GROUP BY workspace, campaign
    UNION ALL
    SELECT workspace, channel, campaign, -answers FROM relais.message_move
    WHERE campaign IS NOT NULL AND answers <> 0
) AS counted
GROUP BY workspace, campaign
HAVING sum(answers) <> 0;

-- Folds up to `most` rows, of one workspace or of all (NULL), and returns how many.
CREATE FUNCTION relais.fold_moves_of(tenant uuid, most integer) RETURNS integer
    LANGUAGE plpgsql SET search_path = pg_catalog AS
$$
DECLARE
    folded integer;
BEGIN
    WITH taken AS MATERIALIZED (
        DELETE FROM relais.message_move
        WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM relais.message_move
            WHERE tenant IS NULL OR workspace = tenant LIMIT most
        ))
        RETURNING *
    ), change AS (
        SELECT workspace, campaign, step, became AS status, reason, messages FROM taken
        WHERE became IS NOT NULL
        UNION ALL
        SELECT workspace, campaign, step, was, was_reason, -messages
        FROM taken WHERE was IS NOT NULL
    ), counted AS (
        INSERT INTO relais.campaign_count AS kept (workspace, campaign, step, status, messages)
        SELECT change.workspace, campaign, step, change.status, sum(messages)
        FROM change JOIN relais.campaign ON campaign.workspace = change.workspace
            AND campaign.id = change.campaign
        GROUP BY change.workspace, campaign, step, change.status
        ON CONFLICT (workspace, campaign, step, status) DO UPDATE
        SET messages = kept.messages + excluded.messages
    ), failed AS (
        INSERT INTO relais.campaign_failure AS kept
            (workspace, campaign, code, french, reason, messages)
        SELECT change.workspace, campaign, change.reason ->> 'code', change.reason ->> 'fr',
            min(change.reason::text)::jsonb, sum(messages)
        FROM change JOIN relais.campaign ON campaign.workspace = change.workspace
            AND campaign.id = change.campaign
        WHERE change.status = 'failed'
        GROUP BY change.workspace, campaign, change.reason ->> 'code', change.reason ->> 'fr'
        ON CONFLICT (workspace, campaign, code, french) DO UPDATE
        SET messages = kept.messages + excluded.messages
    ), moved AS (
        INSERT INTO relais.channel_day AS kept (workspace, channel, day, was, became, messages)
        SELECT workspace, channel, day, was, became, sum(messages)
        FROM taken WHERE day IS NOT NULL AND messages > 0 AND was IS DISTINCT FROM became
        GROUP BY workspace, channel, day, was, became
        ON CONFLICT (workspace, channel, day, was, became) DO UPDATE
        SET messages = kept.messages + excluded.messages
    ), answered AS (
        INSERT INTO relais.campaign_answer AS kept (workspace, campaign, contacts)
        SELECT taken.workspace, taken.campaign, sum(answers)
        FROM taken JOIN relais.campaign ON campaign.workspace = taken.workspace
            AND campaign.id = taken.campaign
        WHERE answers > 0
        GROUP BY taken.workspace, taken.campaign
        ON CONFLICT (workspace, campaign) DO UPDATE
        SET contacts = kept.contacts + excluded.contacts
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END
$$;

-- Folds about `most` rows and returns how many. When they cannot be folded together, each workspace
-- is folded for itself: a row that cannot be folded costs its own workspace. Such a workspace is
-- returned with the error; its rows stay, and its figures are still right. One caller folds at a
-- time; concurrent callers get 0.
CREATE FUNCTION relais.fold_message_moves(most integer)
    RETURNS TABLE (folded integer, workspace uuid, error text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    folded := 0;
    IF NOT relais.is_platform() OR NOT pg_try_advisory_xact_lock(hashtext('relais.message_move'))
    THEN
        RETURN NEXT;
        RETURN;
    END IF;
    BEGIN
        folded := relais.fold_moves_of(NULL, most);
        RETURN NEXT;
        RETURN;
    EXCEPTION WHEN OTHERS THEN
        folded := 0;
    END;
    -- In any order, so that a call that ends early leaves out others each time.
    FOR workspace IN
        SELECT tenant.id FROM (SELECT DISTINCT move.workspace AS id FROM relais.message_move AS move)
            AS tenant
        ORDER BY random()
    LOOP
        BEGIN
            folded := relais.fold_moves_of(workspace, most);
            error := NULL;
        EXCEPTION WHEN OTHERS THEN
            folded := 0;
            error := SQLERRM;
        END;
        RETURN NEXT;
    END LOOP;
END
$$;

REVOKE EXECUTE ON FUNCTION relais.note_messages, relais.note_moved_messages,
    relais.note_first_answers, relais.fold_moves_of, relais.fold_message_moves FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.fold_message_moves TO relais_function;
