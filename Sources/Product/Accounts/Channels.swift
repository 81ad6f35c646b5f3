package import Database
package import FunctionContract
package import Providers
package import Security
private import Work

/// The channels of a workspace that `identity` may see and change.
package struct Channels {
    let connection: Connection
    private let secrets: SealedSecrets
    private let identity: Identity

    package init(_ connection: Connection, _ secrets: SealedSecrets, as identity: Identity) {
        self.connection = connection
        self.secrets = secrets
        self.identity = identity
    }

    package func add(
        _ channel: Channel,
        token: String,
        webhook: WebhookCredentials
    ) throws(AccountError) {
        let seal = ChannelSeal(secrets, channel.id)
        let access = try seal.seal(token: token)
        try run(ChannelSQL.add(channel, access: access, webhook: try seal.seal(webhook)))
        try setRate(of: channel)
    }

    /// Changes the channel's settings, such as its rate, cap and quiet hours. Messages already sent
    /// still count.
    package func change(_ channel: Channel) throws(AccountError) {
        guard try run(ChannelSQL.change(channel)).affected == 1 else {
            throw .channelMissing(channel.id)
        }
        try setRate(of: channel)
    }

    package func all() throws(AccountError) -> [Channel] {
        try AccountError.wrap { () throws(DatabaseError) in
            try connection.transaction(options, [ChannelSQL.all])[0].map(Channel.init)
        }
    }

    /// The channel and the values needed to send requests for it.
    package func open(_ id: UUID) throws(AccountError) -> (channel: Channel, access: ChannelAccess)
    {
        guard let row = try run(ChannelSQL.read(id)).first else { throw .channelMissing(id) }
        let (channel, sealed) = try AccountError.wrap { () throws(DatabaseError) in
            (try Channel(row), try row.get("access", as: [UInt8].self))
        }
        let token = try ChannelSeal(secrets, id).token(in: sealed)
        return (channel, channel.access(token: token))
    }

    /// Opens channels of several workspaces. Returns the opened channels, and descriptions of the
    /// failures.
    package static func open(
        _ found: [(channel: UUID, workspace: UUID)],
        _ connection: Connection,
        _ secrets: SealedSecrets
    ) throws(DatabaseError) -> (
        opened: [(channel: Channel, access: ChannelAccess)], problems: [String]
    ) {
        var opened: [(channel: Channel, access: ChannelAccess)] = []
        var problems: [String] = []
        for (id, workspace) in found {
            do throws(AccountError) {
                opened.append(try Channels(connection, secrets, as: .service(workspace)).open(id))
            } catch {
                if case .database(let error) = error, error.concernsAll { throw error }
                problems.append("channel \(id): \(error)")
            }
        }
        return (opened, problems)
    }

    package func replaceToken(of id: UUID, with token: String) throws(AccountError) {
        let sealed = try ChannelSeal(secrets, id).seal(token: token)
        guard try run(ChannelSQL.replace(access: sealed, of: id)).affected == 1 else {
            throw .channelMissing(id)
        }
    }

    package func replaceWebhook(
        of id: UUID,
        with webhook: WebhookCredentials
    ) throws(AccountError) {
        let sealed = try ChannelSeal(secrets, id).seal(webhook)
        guard try run(ChannelSQL.replace(webhook: sealed, of: id)).affected == 1 else {
            throw .channelMissing(id)
        }
    }

    /// The channel sends nothing more until a person resumes it; its queue stays.
    package func pause(_ id: UUID) throws(AccountError) {
        guard try run(ChannelSQL.pause(id)).affected == 1 else { throw .channelMissing(id) }
    }

    package func resume(_ id: UUID) throws(AccountError) {
        guard try run(ChannelSQL.resume(id)).affected == 1 else { throw .channelMissing(id) }
    }

    private var options: TransactionOptions { TransactionOptions(identity: identity) }

    private func setRate(of channel: Channel) throws(AccountError) {
        try AccountError.wrap { () throws(DatabaseError) in
            try Rates(connection).set(channel.rateKey, channel.pacing.ceiling)
        }
    }

    @discardableResult
    private func run(_ statement: Statement) throws(AccountError) -> Rows {
        try AccountError.wrap { () throws(DatabaseError) in
            try connection.transaction(options, [statement])[0]
        }
    }
}

extension AccountError {
    static func wrap<Result>(
        _ body: () throws(DatabaseError) -> Result
    ) throws(AccountError) -> Result {
        do {
            return try body()
        } catch {
            throw .database(error)
        }
    }
}
