internal import Database
internal import FunctionContract
internal import Providers

/// A webhook that one reader has in hand, until its lease runs out.
struct ClaimedWebhook {
    let id: UUID
    let workspace: UUID
    /// The channel whose address was called.
    let channel: UUID
    let provider: Provider
    let body: [UInt8]
    let receivedAt: Timestamp
    /// Tries that ended in an error.
    let attempts: Int
    let token: Int

    init(_ row: Row) throws(DatabaseError) {
        let name: String = try row.get("provider")
        guard let provider = Provider(rawValue: name) else {
            throw DatabaseError(.decoding, "no provider is called \(name)")
        }
        self.provider = provider
        id = try row.get("id")
        workspace = try row.get("workspace")
        channel = try row.get("channel")
        body = try row.get("body")
        receivedAt = try row.get("received_at")
        attempts = try row.get("attempts")
        token = try row.get("lease_token")
    }
}

/// A webhook and what it says.
struct ReadWebhook {
    let webhook: ClaimedWebhook
    let events: [DomainEvent]
    /// How much of it nobody understood, or was about channels that are not this workspace's.
    var unknownCount = 0
}
