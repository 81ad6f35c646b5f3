internal import Database
internal import FunctionContract

/// The statements that merge two contacts of one person.
enum MergeSQL {
    /// Returns a row if the two contacts can be one person. They cannot if both have a phone and
    /// one of these is not in `phones`, or if their hidden ids differ. A number that was reassigned
    /// to another person can therefore merge two people.
    static func same(as known: UUID, other: UUID, _ phones: [E164]) -> Statement {
        Statement(
            """
            SELECT known.phone AS known_phone, other.phone AS other_phone,
                (other.created_at, other.id) < (known.created_at, known.id) AS is_older
            FROM relais.contact AS known
            JOIN relais.contact AS other ON other.workspace = known.workspace
            WHERE known.workspace = (SELECT relais.current_workspace()) AND known.id = $1
                AND other.id = $2
                AND (known.phone IS NULL OR other.phone IS NULL
                    OR known.phone = ANY ($3) AND other.phone = ANY ($3))
                AND NOT EXISTS (
                    SELECT FROM relais.contact_identity AS mine
                    JOIN relais.contact_identity AS theirs ON theirs.workspace = mine.workspace
                        AND theirs.kind = 'lid' AND theirs.value <> mine.value
                    WHERE mine.workspace = known.workspace AND mine.kind = 'lid'
                        AND mine.contact = known.id AND theirs.contact = other.id
                )
            FOR UPDATE OF known, other
            """,
            .uuid(known),
            .uuid(other),
            .texts(phones.map(\.text))
        )
    }

    /// Moves the data of `younger` to `older`, except where `older` already has its own. A campaign
    /// that wrote to both keeps both messages.
    static func merge(_ younger: UUID, into older: UUID, phone: String?) -> [Statement] {
        let both = moves.map { Statement($0, .uuid(younger), .uuid(older)) }
        let left = leftovers.map { Statement($0, .uuid(younger)) }
        return both + left + [
            Statement(retire, .uuid(younger), .uuid(older)),
            Statement(enrich, .uuid(younger), .uuid(older), .text(phone)),
        ]
    }

    private static let moves = [
        "UPDATE relais.contact_identity SET contact = $2 WHERE \(its)",
        """
        INSERT INTO relais.conversation (workspace, contact, channel, last_inbound_at)
        SELECT workspace, $2, channel, last_inbound_at FROM relais.conversation WHERE \(its)
        ON CONFLICT (workspace, contact, channel) DO UPDATE
        SET last_inbound_at = greatest(conversation.last_inbound_at, excluded.last_inbound_at)
        """,
        """
        INSERT INTO relais.category_member (workspace, category, contact, added_at)
        SELECT workspace, category, $2, added_at FROM relais.category_member WHERE \(its)
        ON CONFLICT DO NOTHING
        """,
        """
        UPDATE relais.message SET contact = $2
        WHERE \(its) AND NOT EXISTS (
            SELECT FROM relais.message AS other
            WHERE other.workspace = message.workspace AND other.campaign = message.campaign
                AND other.contact = $2 AND other.step = message.step
        )
        """,
        "UPDATE relais.interaction SET contact = $2 WHERE \(its)",
        "UPDATE relais.link_click SET contact = $2 WHERE \(its)",
    ]

    private static let leftovers = [
        "DELETE FROM relais.conversation WHERE \(its)",
        "DELETE FROM relais.category_member WHERE \(its)",
    ]

    private static let its = "workspace = (SELECT relais.current_workspace()) AND contact = $1"

    /// An opt-out or block of either contact applies to the merged one. This statement also frees
    /// the younger contact's number for the older one.
    private static let retire = """
        WITH left_behind AS (
            UPDATE relais.contact AS older
            SET status = CASE
                    WHEN 'blocked' IN (older.status, younger.status) THEN 'blocked'
                    WHEN 'unsubscribed' IN (older.status, younger.status) THEN 'unsubscribed'
                    ELSE 'active' END,
                status_changed_at = greatest(older.status_changed_at, younger.status_changed_at),
                opted_in_at = CASE
                    WHEN older.status = 'active' AND younger.status = 'active'
                    THEN coalesce(older.opted_in_at, younger.opted_in_at) END,
                opt_in_source = CASE
                    WHEN older.status = 'active' AND younger.status = 'active'
                    THEN CASE WHEN older.opted_in_at IS NULL THEN younger.opt_in_source
                        ELSE older.opt_in_source END END,
                whatsapp_verified = coalesce(older.whatsapp_verified, younger.whatsapp_verified)
            FROM relais.contact AS younger
            WHERE older.workspace = (SELECT relais.current_workspace()) AND older.id = $2
                AND younger.workspace = older.workspace AND younger.id = $1
        )
        UPDATE relais.contact
        SET phone = NULL, status = 'blocked', merged_into = $2, updated_at = now()
        WHERE workspace = (SELECT relais.current_workspace()) AND id = $1
        """

    private static let enrich = """
        UPDATE relais.contact AS older
        SET phone = coalesce(older.phone, $3),
            first_name = coalesce(older.first_name, younger.first_name),
            last_name = coalesce(older.last_name, younger.last_name),
            email = coalesce(older.email, younger.email),
            language = coalesce(older.language, younger.language),
            tags = ARRAY (SELECT DISTINCT unnest(older.tags || younger.tags) ORDER BY 1),
            attributes = younger.attributes || older.attributes,
            last_activity_at = greatest(older.last_activity_at, younger.last_activity_at),
            created_by = coalesce(older.created_by, younger.created_by), updated_at = now()
        FROM relais.contact AS younger
        WHERE older.workspace = (SELECT relais.current_workspace()) AND older.id = $2
            AND younger.workspace = older.workspace AND younger.id = $1
        """
}
