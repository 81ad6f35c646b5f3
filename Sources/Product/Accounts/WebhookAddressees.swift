package import Database
package import FunctionContract
package import Security
private import Work

/// Finds the channel of a webhook before the workspace is known.
package struct WebhookAddressees {
    private let connection: Connection
    private let secrets: SealedSecrets

    package init(_ connection: Connection, _ secrets: SealedSecrets) {
        self.connection = connection
        self.secrets = secrets
    }

    /// The channel whose address was called, and the secrets that verify its webhooks. Nil if there
    /// is no such channel.
    package func find(
        _ id: UUID
    ) throws(AccountError) -> (channel: Channel, webhook: WebhookCredentials)? {
        let rows = try platform(ChannelSQL.receiving(id))
        guard let row = rows.first else { return nil }
        let (channel, sealed) = try AccountError.wrap { () throws(DatabaseError) in
            (try Channel(row), try row.get("webhook", as: [UInt8].self))
        }
        return (channel, try ChannelSeal(secrets, id).webhook(in: sealed))
    }

    /// All channels of the platform.
    package func all() throws(AccountError) -> [Channel] {
        try channels(ChannelSQL.all)
    }

    private func channels(_ statement: Statement) throws(AccountError) -> [Channel] {
        let rows = try platform(statement)
        return try AccountError.wrap { () throws(DatabaseError) in
            try rows.map(Channel.init)
        }
    }

    private func platform(_ statement: Statement) throws(AccountError) -> Rows {
        try AccountError.wrap { () throws(DatabaseError) in
            try connection.platform(statement)[0]
        }
    }
}
