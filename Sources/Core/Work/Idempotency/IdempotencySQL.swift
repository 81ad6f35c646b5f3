internal import Database

enum IdempotencySQL {
    /// Returns a token to the request that may proceed: the first with its key, or the first after
    /// the stored reply expired. After the lease of a dead process, only the same request may
    /// proceed.
    ///
    /// A conflict locks the row even when the condition rejects the update. So `read`, later in the
    /// same transaction, finds the row that the condition saw.
    static func begin(
        _ request: Idempotency.Request,
        _ lease: Duration,
        _ retention: Duration
    ) -> Statement {
        Statement(
            """
            INSERT INTO relais.idempotency AS kept
                (workspace, caller, key, digest, lease_until, expires_at)
            SELECT (SELECT relais.current_workspace()), (SELECT relais.current_caller()), $1, $2,
                clock_timestamp() + make_interval(secs => $3),
                clock_timestamp() + make_interval(secs => $4)
            ON CONFLICT (workspace, caller, key) DO UPDATE
            SET token = CASE WHEN kept.expires_at <= clock_timestamp() THEN 1
                    ELSE kept.token + 1 END,
                digest = excluded.digest, lease_until = excluded.lease_until,
                expires_at = excluded.expires_at, status = NULL, headers = NULL, body = NULL
            WHERE kept.expires_at <= clock_timestamp()
                OR kept.status IS NULL AND kept.lease_until <= clock_timestamp()
                    AND kept.digest = excluded.digest
            RETURNING token
            """,
            .text(request.key),
            .bytes(request.digest),
            .double(lease.seconds),
            .double(retention.seconds)
        )
    }

    static func read(_ request: Idempotency.Request) -> Statement {
        Statement(
            """
            SELECT digest, status, headers, body FROM relais.idempotency
            WHERE \(isOfCaller)
            """,
            .text(request.key)
        )
    }

    static func finish(_ ticket: Idempotency.Ticket, _ reply: StoredReply) -> Statement {
        Statement(
            """
            UPDATE relais.idempotency SET status = $3, headers = $4, body = $5
            WHERE \(isOurs)
            """,
            ticket.parameters + [.int(reply.status), .json(reply.headers), .bytes(reply.body)]
        )
    }

    static func forget(_ ticket: Idempotency.Ticket) -> Statement {
        Statement("DELETE FROM relais.idempotency WHERE \(isOurs)", ticket.parameters)
    }

    private static let isOfCaller = """
        workspace = (SELECT relais.current_workspace())
            AND caller = (SELECT relais.current_caller()) AND key = $1
        """

    private static let isOurs = "\(isOfCaller) AND token = $2 AND status IS NULL"
}

extension Idempotency.Ticket {
    fileprivate var parameters: [Parameter] { [.text(key), .int(token)] }
}
