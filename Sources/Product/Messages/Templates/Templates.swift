package import Database
package import FunctionContract
private import Providers

/// The templates of a workspace that `identity` may see and change.
package struct Templates {
    private let connection: Connection
    private let identity: Identity

    package init(_ connection: Connection, as identity: Identity) {
        self.connection = connection
        self.identity = identity
    }

    package func add(_ form: TemplateForm, account: String) throws(DatabaseError) {
        try run(
            Statement(
                """
                INSERT INTO relais.template (id, workspace, account_id, name, language, category,
                    body, variables, status, external_id, created_by)
                VALUES ($1, (SELECT relais.current_workspace()), $2, $3, $4, $5, $6, $7, $8, $9,
                    (SELECT relais.current_member()))
                """,
                .uuid(form.id),
                .text(account),
                .text(form.name),
                .text(form.language),
                .text(form.category.rawValue),
                .text(form.body),
                .json(form.storedVariables),
                .text(form.status.rawValue),
                .text(form.externalID)
            )
        )
    }

    package func find(_ ids: [UUID]) throws(DatabaseError) -> [TemplateForm] {
        let rows = try run(
            Statement(
                "SELECT \(TemplateForm.columns) FROM relais.template WHERE id = ANY ($1)",
                .uuids(ids)
            )
        )
        return try rows.map(TemplateForm.init)
    }

    /// Stores the status that the provider reports for a template of the account. False if there is
    /// no such template.
    @discardableResult
    package func set(
        _ status: TemplateForm.Status,
        of name: String,
        language: String,
        account: String,
        reason: String?
    ) throws(DatabaseError) -> Bool {
        try run(
            Statement(
                """
                UPDATE relais.template SET status = $4, reason = $5, updated_at = now()
                WHERE workspace = (SELECT relais.current_workspace())
                    AND account_id = $1 AND name = $2 AND language = $3
                """,
                .text(account),
                .text(name),
                .text(language),
                .text(status.rawValue),
                .text(reason)
            )
        ).affected == 1
    }

    @discardableResult
    private func run(_ statement: Statement) throws(DatabaseError) -> Rows {
        try connection.transaction(TransactionOptions(identity: identity), [statement])[0]
    }
}
