import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Providers
import Testing

/// What a webhook says, delivered and read by the real functions.
final class Postman {
    let world: InboundWorld
    let meta: MetaWebhook
    private let webhook: ChildProcess
    private let reader: ChildProcess

    init(_ provider: Provider = .meta) throws {
        let database = try InboundDatabase()
        world = try InboundWorld(provider, in: database)
        meta = MetaWebhook(channel: world.channel)
        webhook = try .stream("inbound-webhook", database.environment)
        reader = try .stream("process-inbound", database.environment)
    }

    deinit {
        webhook.end()
        reader.end()
    }

    /// Delivers the bodies and has them read. Returns what the reader answered.
    @discardableResult
    func bring(_ bodies: String...) throws -> JSON {
        try bring(bodies)
    }

    @discardableResult
    func bring(_ bodies: [String]) throws -> JSON {
        for body in bodies {
            let signed = SignedWebhook(Array(body.utf8), from: world.channel.provider)
            let reply = try webhook.deliver(signed, to: world.channel)
            #expect(reply["statusCode"] == 200)
        }
        return try reader.wake()
    }

    /// Has what waits read, as far as time allows.
    func read(within time: Duration) throws -> JSON {
        try reader.wake(deadline: time)
    }

    /// Delivers without having anything read.
    func leave(_ bodies: [String]) throws {
        for body in bodies {
            let signed = SignedWebhook(Array(body.utf8), from: world.channel.provider)
            #expect(try webhook.deliver(signed, to: world.channel)["statusCode"] == 200)
        }
    }

    func status(of message: UUID) throws -> String? {
        try world.text("SELECT status FROM relais.message WHERE id = $1", .uuid(message))
    }

    func contactStatus(_ contact: UUID) throws -> String? {
        try world.text("SELECT status FROM relais.contact WHERE id = $1", .uuid(contact))
    }
}
