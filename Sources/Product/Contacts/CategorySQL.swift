internal import Database
internal import FunctionContract

/// The statements about categories. Ids are untrusted input. Statements that link rows read them
/// under row-level security first, so that nobody links rows they cannot see.
enum CategorySQL {
    static func add(_ category: Category) -> Statement {
        Statement(
            """
            INSERT INTO relais.category (id, workspace, name, color, created_by)
            VALUES ($1, (SELECT relais.current_workspace()), $2, $3, (SELECT
                relais.current_member()))
            """,
            .uuid(category.id),
            .text(category.name),
            .text(category.color)
        )
    }

    static func change(_ category: Category) -> Statement {
        Statement(
            """
            UPDATE relais.category SET name = $2, color = $3, updated_at = now() WHERE id = $1
            """,
            .uuid(category.id),
            .text(category.name),
            .text(category.color)
        )
    }

    /// Deletes the category and its memberships, but not its contacts.
    static func delete(_ id: UUID) -> Statement {
        Statement("DELETE FROM relais.category WHERE id = $1", .uuid(id))
    }

    static let all = Statement(
        """
        SELECT id, name, color, members.count AS contacts
        FROM relais.category
        CROSS JOIN LATERAL (
            SELECT count(*) FROM relais.category_member
            WHERE category_member.workspace = category.workspace
                AND category_member.category = category.id
        ) AS members
        ORDER BY name, id
        """
    )

    static func join(_ contacts: [UUID], to category: UUID) -> Statement {
        Statement(
            """
            INSERT INTO relais.category_member (workspace, category, contact)
            SELECT category.workspace, category.id, contact.id
            FROM relais.category
            JOIN relais.contact ON contact.workspace = category.workspace
            WHERE category.id = $1 AND contact.id = ANY ($2)
            ON CONFLICT DO NOTHING
            """,
            .uuid(category),
            .uuids(contacts)
        )
    }

    static func remove(_ contacts: [UUID], from category: UUID) -> Statement {
        Statement(
            """
            DELETE FROM relais.category_member
            WHERE workspace = (SELECT relais.current_workspace())
                AND category = $1 AND contact = ANY ($2)
            """,
            .uuid(category),
            .uuids(contacts)
        )
    }

    static func members(of category: UUID, after contact: UUID?, limit: Int) -> Statement {
        Statement(
            """
            SELECT contact AS id FROM relais.category_member
            WHERE workspace = (SELECT relais.current_workspace())
                AND category = $1 AND ($2 IS NULL OR contact > $2)
            ORDER BY contact LIMIT $3
            """,
            .uuid(category),
            .uuid(contact),
            .int(limit)
        )
    }

    static func categories(of contact: UUID) -> Statement {
        Statement(
            """
            SELECT category AS id FROM relais.category_member
            WHERE workspace = (SELECT relais.current_workspace()) AND contact = $1
            ORDER BY category
            """,
            .uuid(contact)
        )
    }
}
