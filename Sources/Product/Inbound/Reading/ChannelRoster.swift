internal import Database
internal import FunctionContract
internal import Providers

/// The channels that webhooks at one address may be about: the channel of the address, and others
/// of the same app.
///
/// All of them belong to the address's workspace, whatever a webhook says. The workspace that owns
/// the address knows its signing secret, so a webhook must not reach another workspace.
struct ChannelRoster {
    struct Member {
        let id: UUID
        let externalID: String
        let accountID: String?
        let phone: String?
    }

    let address: Member
    let members: [Member]

    init(of address: UUID, in transaction: Transaction) throws(DatabaseError) {
        let rows = try transaction.query(Self.statement(address))
        members = try rows.map { (row) throws(DatabaseError) in
            Member(
                id: try row.get("id"),
                externalID: try row.get("external_id"),
                accountID: try row.get("account_id"),
                phone: try row.get("phone")
            )
        }
        guard let own = members.first(where: { $0.id == address }) else {
            throw DatabaseError(.other, "channel \(address) was deleted while its webhook was read")
        }
        self.address = own
    }

    /// The channel of an event; nil when it is not in the roster.
    func channel(of reference: ChannelReference) -> UUID? {
        guard let id = reference.id, id != address.externalID else { return address.id }
        return members.first { $0.externalID == id }?.id
    }

    /// The channels that news is about: one channel, those of an account with a given number, or
    /// all of an account.
    func channels(of reference: ChannelReference) -> [UUID] {
        guard reference.id == nil, let account = reference.accountID else {
            return channel(of: reference).map { [$0] } ?? []
        }
        let ofAccount = members.filter { $0.accountID == account }
        let named = ofAccount.filter { member in
            reference.phone.map { member.phone?.phoneDigits == $0.phoneDigits } ?? false
        }
        return (named.isEmpty ? ofAccount : named).map(\.id)
    }

    private static func statement(_ address: UUID) -> Statement {
        Statement(
            """
            SELECT channel.id, channel.external_id, channel.account_id, channel.phone
            FROM relais.channel AS own
            JOIN relais.channel ON channel.workspace = own.workspace
                AND channel.provider = own.provider AND channel.base_url = own.base_url
            WHERE own.id = $1 AND own.workspace = (SELECT relais.current_workspace())
            """,
            .uuid(address)
        )
    }
}

extension String {
    /// Only the digits: numbers come with or without a plus, and with any punctuation.
    fileprivate var phoneDigits: String { filter(\.isNumber) }
}
