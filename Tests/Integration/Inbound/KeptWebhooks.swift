import Accounts
import Database
import FunctionContract
import Providers

extension InboundWorld {
    /// Keeps bodies as if they had been delivered and proved, in this order.
    func keep(_ bodies: [String]) throws {
        try owner.pipeline([
            Statement("SELECT set_config('relais.scope', 'platform', true)"),
            Statement(
                "SELECT relais.keep_webhooks($1, $2, $3, $4, $5, $6)",
                .uuids(bodies.map { _ in .v7() }),
                .uuids(bodies.map { _ in workspace }),
                .uuids(bodies.map { _ in channel.id }),
                .texts(bodies.map { _ in channel.provider.rawValue }),
                .texts(bodies.map { _ in "\(UUID.v7())" }),
                .byteStrings(bodies.map { Array($0.utf8) })
            ),
        ])
    }

    /// How many of this workspace's webhooks are in one of the states.
    func webhooks(_ states: String...) throws -> Int {
        try count(
            "SELECT count(*) FROM relais.webhook_inbox WHERE workspace = $1 AND state = ANY ($2)",
            .uuid(workspace),
            .texts(states)
        )
    }

    /// As if the time of every lease and pause had passed.
    func letTimePass() throws {
        try owner.query(
            "UPDATE relais.webhook_inbox SET lease_until = now() WHERE lease_until IS NOT NULL"
        )
    }
}

extension MetaWebhook {
    /// One webhook of many messages, from as many people as there are or fewer.
    func texts(_ count: Int, from people: Int) -> String {
        let messages = (0..<count).map { number in
            #"{"id":"wamid.l\#(number)","from":"22990\#(100_000 + number % people)","#
                + #""timestamp":"\#(Self.now)","type":"text","text":{"body":"a"}}"#
        }
        return body(#""messages":[\#(messages.joined(separator: ","))]"#)
    }
}
