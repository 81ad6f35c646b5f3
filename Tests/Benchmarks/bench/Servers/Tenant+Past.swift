import Database
import FunctionContract
import Measurement
import Messages

// What a tenant has done before a measurement begins.

extension Tenant {
    /// All contacts had Message 1 of a campaign an hour ago, and wait for nothing but to answer.
    func noteMessage1() throws(Failure) {
        try past(
            """
            WITH campaign AS (
                INSERT INTO relais.campaign (id, workspace, channel, name, message_1, message_2,
                    status, started_at)
                VALUES (uuidv7(), $1, $2, 'Bench', 'Bonjour', 'Merci', 'running', now())
                RETURNING id
            )
            INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                recipient_kind, recipient, body, follow_up, status, attempts, accepted_at)
            SELECT uuidv7(), $1, $2, campaign.id, contact.id, 1, 'phone', phone, 'Bonjour',
                'Merci', 'accepted', 1, now() - interval '1 hour'
            FROM campaign CROSS JOIN relais.contact WHERE workspace = $1
            RETURNING id
            """
        )
    }

    /// Somebody writes to the tenant for that time; a number is of one webhook.
    static func text(_ number: Int) -> MetaText {
        MetaText(person: "22890\(100_000 + number)", id: "wamid.\(number)", text: "Bonjour")
    }

    /// A webhook waits to be read.
    func keepWebhook(_ number: Int) throws(Failure) {
        let body = Array(Self.text(number).body.utf8)
        try database { () throws(DatabaseError) in
            _ = try owner.query(
                """
                INSERT INTO relais.webhook_inbox
                    (id, workspace, channel, provider, dedupe_key, body)
                VALUES (uuidv7(), $1, $2, 'meta', $3, $4)
                """,
                .uuid(workspace),
                .uuid(channel),
                .text("bench \(number)"),
                .bytes(body)
            )
        }
    }

    /// A message with a tracked link; returns the token of the link.
    func addLink() throws(Failure) -> LinkToken {
        let message = try past(
            """
            WITH campaign AS (
                INSERT INTO relais.campaign (id, workspace, channel, name, message_1, status,
                    completed_at)
                VALUES (uuidv7(), $1, $2, 'Bench', 'Bonjour', 'completed', now())
                RETURNING id
            ), person AS (
                INSERT INTO relais.contact (workspace, id, phone, whatsapp_verified)
                VALUES ($1, uuidv7(), '+22892000000', true) RETURNING id
            ), link AS (
                INSERT INTO relais.link (workspace, campaign, position, url)
                SELECT $1, id, 0, 'https://example.org/' FROM campaign
            )
            INSERT INTO relais.message (id, workspace, channel, campaign, contact, step,
                recipient_kind, recipient, body, status, attempts, accepted_at)
            SELECT uuidv7(), $1, $2, campaign.id, person.id, 1, 'phone', '+22892000000', 'Bonjour',
                'accepted', 1, now()
            FROM campaign CROSS JOIN person
            RETURNING id
            """
        )
        return LinkToken(message: message, position: 0)
    }

    /// Runs an INSERT as the owner and returns the first id.
    @discardableResult
    private func past(_ sql: String) throws(Failure) -> UUID {
        try database { () throws(DatabaseError) in
            try owner.query(sql, .uuid(workspace), .uuid(channel))[0].get("id")
        }
    }
}
