import Accounts
import Database
import FunctionContract
import Glibc
import Providers
import Testing

@Suite("Every webhook of the fixtures", .ownThread)
struct InboundFixtureTests {
    @Test(
        "Signed and posted, it lands as what it says",
        arguments: [
            (Provider.meta, "meta/openapi-webhooks/"), (.waha, "waha/event."),
        ]
    )
    func lands(_ provider: Provider, _ prefix: String) throws {
        let post = try Postman(provider)
        try post.world.addUnknownMessage()
        let paths = try Self.manifest().filter { $0.hasPrefix(prefix) }
        try #require(paths.count > 10)
        var expected = Expectation()
        for path in paths {
            let body = try Self.bytes(path)
            let text = try retargeted(String(decoding: body, as: UTF8.self), post.world.channel)
            let events = try provider.events(in: Array(text.utf8))
            expected.add(events)
            let reply = try post.bring(text)
            #expect(reply["processed"] == 1, "\(path): \(reply.text)")
        }
        let world = post.world
        #expect(
            try world.count("SELECT count(*) FROM relais.webhook_inbox WHERE state = 'done'")
                == paths.count
        )
        let said = try world.owner.query("SELECT provider_id FROM relais.interaction")
        #expect(Set(try said.map { try $0.get("provider_id", as: String.self) }) == expected.said)
        let orphans = try world.owner.query("SELECT provider_id FROM relais.orphan_status")
        #expect(Set(try orphans.map { try $0.get("provider_id") }) == expected.statuses)
        #expect(
            try world.count("SELECT sum(unknown_count) FROM relais.webhook_inbox")
                == expected.unknown
        )
    }

    /// What the rows must say, by names.
    private struct Expectation {
        var said: Set<String> = []
        var statuses: Set<String> = []
        var unknown = 0

        mutating func add(_ events: [DomainEvent]) {
            for event in events {
                switch event.kind {
                case .message(let message):
                    let isDirect = message.chat.kind == .direct
                    if isDirect, !message.sender.identities.isEmpty {
                        said.insert(message.id.value)
                    }
                case .reaction(let reaction):
                    guard !reaction.isOwn, reaction.emoji != nil, reaction.chat.kind == .direct,
                        !reaction.sender.identities.isEmpty
                    else { continue }
                    said.insert(reaction.id?.value ?? event.dedupeKey)
                case .status(let status): statuses.formUnion(status.messageID.all)
                case .unknown: unknown += 1
                case .call(let call):
                    if !call.isOwn, call.chat.kind == .direct { said.insert(call.id) }
                case .echo, .edited, .revoked, .template, .account, .session, .preference,
                    .identityChanged, .technical:
                    continue
                }
            }
        }
    }

    /// The fixture as it would come to our channel.
    private func retargeted(_ text: String, _ channel: Channel) throws -> String {
        var text = text
        let json = try JSONParser.parse(Array(text.utf8))
        if let session = json["session"]?.string {
            text = text.replacing("\"\(session)\"", with: "\"\(channel.externalID)\"")
        }
        for entry in json["entry"]?.array ?? [] {
            for change in entry["changes"]?.array ?? [] {
                guard let id = change["value"]?["metadata"]?["phone_number_id"]?.string else {
                    continue
                }
                text = text.replacing("\"\(id)\"", with: "\"\(channel.externalID)\"")
            }
        }
        return text
    }

    private static let root = BuiltProduct.packageRoot + "/Tests/Fixtures/providers/"

    private static func manifest() throws -> [String] {
        String(decoding: try bytes("manifest.tsv"), as: UTF8.self).split(separator: "\n")
            .compactMap { $0.split(separator: "\t").first.map(String.init) }
            .filter { $0.hasSuffix(".json") }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = unsafe fopen(root + path, "r") else {
            throw SystemCallFailed("open \(path)")
        }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }
}
