-- Two contacts that turn out to be one person become one: the older. What was the other's moves
-- there, and the other stays as a row that leads to it, because a campaign that wrote to both keeps
-- both messages. It is blocked, has no phone and no names, and nobody sees it in lists.
ALTER TABLE relais.contact
    ADD COLUMN merged_into uuid,
    ADD FOREIGN KEY (workspace, merged_into) REFERENCES relais.contact ON DELETE CASCADE;

CREATE INDEX contact_merged ON relais.contact (workspace, merged_into)
    WHERE merged_into IS NOT NULL;
