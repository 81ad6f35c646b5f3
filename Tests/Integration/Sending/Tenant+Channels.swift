import Accounts
import Campaigns
import Database
import FunctionContract
import HTTPClient
import Messages
import Networks
import Providers
import Sending
import Work

/// More channels than the tenant's own, and messages outside campaigns.
extension Tenant {
    func addChannels(
        _ count: Int,
        at baseURL: String,
        provider: Provider = .waha,
        pacing: Accounts.Pacing = Accounts.Pacing(
            RateLimit(interval: .microseconds(100), burst: 1000)
        )
    ) throws -> [UUID] {
        try (0..<count).map { number in
            let new = Channel(
                id: .v7(),
                workspace: workspace,
                name: "Boutique \(number)",
                provider: provider,
                baseURL: baseURL,
                externalID: UUID.v7().description,
                pacing: pacing,
                dailyCap: 1_000_000,
                timezone: Daytime.timezone
            )
            try Channels(connection, secrets, as: identity).add(
                new,
                token: "token",
                webhook: WebhookCredentials(secrets: WebhookSecrets(signing: ["secret"]))
            )
            return new.id
        }
    }

    /// One message to each contact with the tag, on each of the channels. Its id is as old as the
    /// channel's.
    func write(on channels: [UUID], tag: String = "vip", priority: Int = 2) throws {
        _ = try read(
            """
            WITH message AS (
                INSERT INTO relais.message
                    (id, workspace, channel, contact, step, recipient_kind, recipient, body)
                SELECT (left(channel.id::text, 14) || substr(gen_random_uuid()::text, 15))::uuid,
                    contact.workspace, channel.id, contact.id, 0, 'phone', contact.phone, 'Bonjour'
                FROM relais.contact, unnest($1) AS channel (id)
                WHERE $2 = ANY (contact.tags)
                RETURNING id, workspace, channel
            )
            INSERT INTO relais.outbox (message, workspace, lane, priority, due_at)
            SELECT id, workspace, channel, $3::smallint, statement_timestamp() FROM message
            """,
            .uuids(channels),
            .text(tag),
            .int32(Int32(priority))
        )
    }

    /// How many messages outside campaigns have each status.
    func statuses() throws -> [MessageStatus: Int] {
        let rows = try read(
            """
            SELECT status::text AS status, count(*) AS count FROM relais.message
            WHERE campaign IS NULL GROUP BY status
            """
        )
        var statuses: [MessageStatus: Int] = [:]
        for row in rows {
            let status = MessageStatus(rawValue: try row.get("status")) ?? .unknown
            statuses[status] = try row.get("count")
        }
        return statuses
    }

    /// Ends a run that has nothing else to wait for.
    func pauseChannels() throws {
        _ = try read("UPDATE relais.channel SET status = 'paused'")
    }
}

/// A sender on a thread of its own.
final class RunningSender: Sendable {
    private let thread: BackgroundThread
    private let result: ResultBox

    init(
        on database: MessagingDatabase,
        for time: Duration,
        _ limits: SendLimits = SendLimits()
    ) {
        let result = ResultBox()
        self.result = result
        thread = BackgroundThread {
            result.set(
                Result {
                    let sender = try Sender(
                        database.connect(),
                        HTTPClient(egress: .loopback),
                        Tenant.vault(),
                        limits: limits
                    )
                    return try sender.run(until: .now + time)
                }
            )
        }
    }

    /// Waits for its end.
    func summary() throws -> SendSummary {
        thread.join()
        return try result.get()
    }
}
