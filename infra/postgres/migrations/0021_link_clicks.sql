-- Clicks on tracked links are limited in number, for each link of a message, and in age. Anyone
-- with a link can open it without limit. After 100 recorded clicks nothing more is written.
CREATE INDEX link_click_age ON relais.link_click (clicked_at);

-- The platform deletes expired clicks.
CREATE POLICY platform ON relais.link_click TO relais_function
    USING ((SELECT relais.is_platform()));

CREATE OR REPLACE FUNCTION relais.open_link(
    sought uuid, place smallint, counts boolean, click uuid, interaction uuid, agent text
) RETURNS TABLE (url text)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
    WITH target AS MATERIALIZED (
        SELECT message.id, message.workspace, message.channel, message.campaign, message.contact,
            message.created_by, link.url
        FROM relais.message
        JOIN relais.link ON link.workspace = message.workspace
            AND link.campaign = message.campaign AND link.position = place
        WHERE relais.is_platform() AND message.id = sought
    ), clicked AS (
        INSERT INTO relais.link_click
            (id, workspace, campaign, position, message, contact, user_agent)
        SELECT click, workspace, campaign, place, target.id, contact, left(agent, 512)
        FROM target
        WHERE counts AND (
            SELECT count(*) FROM (
                SELECT FROM relais.link_click AS earlier
                WHERE earlier.message = target.id AND earlier.position = place LIMIT 100
            ) AS earlier
        ) < 100
    ), noted AS (
        INSERT INTO relais.interaction (id, workspace, channel, contact, campaign, message, kind,
            content, provider_id, created_by)
        SELECT interaction, workspace, channel, contact, campaign, target.id, 'click', target.url,
            target.id::text || '/' || place::text, created_by
        FROM target WHERE counts
        ON CONFLICT DO NOTHING
    )
    SELECT target.url FROM target;
END;
