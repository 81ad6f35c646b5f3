import FunctionContract
import SeededRandom
import Testing

@testable import Providers

/// Webhooks that went wrong on the way, or were made to: nothing may stop the process.
@Suite struct MutationTests {
    private static let roundsPerShard = 25_000

    /// Four shards of a hundred thousand bodies, side by side.
    @Test(.timeLimit(.minutes(60)), arguments: 0..<4)
    func survivesMutatedBodies(shard: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("mutation shard \(shard), seed \(seed)")
        var random = SeededRandom(seed: seed)
        let seeds = try Self.seeds()
        var parsed = 0
        for _ in 0..<Self.roundsPerShard {
            let original = seeds[Int.random(in: seeds.indices, using: &random)]
            let body = mutated(original, &random)
            guard let events = try? original.provider.events(in: body) else { continue }
            parsed += 1
            let unusable = events.flatMap(\.keptNames).filter { !$0.isProviderName }
            #expect(unusable == [], "seed \(seed)")
        }
        // Mutations that all broke the JSON would have tested only the parser.
        #expect(parsed > Self.roundsPerShard / 4, "seed \(seed)")
    }

    @Test func survivesEveryFixtureCutAnywhere() throws {
        for path in try Fixture.paths("meta/openapi-webhooks") {
            let body = try Fixture.json(path).bytes
            for count in stride(from: 0, to: body.count, by: 7) {
                #expect(throws: ProviderError.self) {
                    try Provider.meta.events(in: Array(body.prefix(count)))
                }
            }
        }
    }

    private struct Seed {
        let provider: Provider
        let body: [UInt8]
        let json: JSON

        init(_ provider: Provider, _ json: JSON) {
            self.provider = provider
            self.json = json
            body = json.bytes
        }
    }

    private static func seeds() throws -> [Seed] {
        let meta = try Fixture.paths("meta/openapi-webhooks").map {
            Seed(.meta, try Fixture.json($0))
        }
        let waha = try Fixture.paths("waha").filter { $0.hasPrefix("waha/event.") }.map {
            Seed(.waha, try Fixture.json($0))
        }
        let others: [(Provider, String)] = [
            (
                .meta,
                #"""
                {"entry":[{"id":"1","changes":[{"field":"messages",
                 "value":{"statuses":[{"id":"w","status":"failed","timestamp":"1",
                 "errors":[{"code":131026}]}]}}]}]}
                """#
            ),
            (
                .wassenger,
                #"""
                {"id":"e","event":"message:in:new","created":1,"device":{"id":"d"},
                 "data":{"id":"m","type":"image","from":"229@c.us","body":"b",
                 "media":{"id":"f"},"chat":{"id":"229@c.us"}}}
                """#
            ),
            (
                .respondIO,
                #"""
                {"event_type":"message.received","contact":{"id":1},"message":{"messageId":7,
                 "message":{"type":"text","text":"a"}}}
                """#
            ),
            (
                .evolution,
                #"""
                {"event":"messages.update","instance":"i","data":[{"key":{"id":"A",
                 "fromMe":true},"update":{"status":"READ",
                 "message":{"editedMessage":{"message":{"conversation":"n"}}}}}]}
                """#
            ),
            (
                .evolution,
                #"""
                {"event":"messages.upsert","instance":"i","data":{"key":{"remoteJid":"1@lid",
                 "id":"A"},"message":{"imageMessage":{"caption":"c"}}}}
                """#
            ),
        ]
        let all = meta + waha + (try others.map { Seed($0.0, try JSON(parsing: $0.1)) })
        // Small bodies have everything that large ones have, and a change hits something.
        return all.filter { $0.body.count < 800 }
    }

    /// Half of the mutations change values and keep the JSON whole; the others change bytes.
    private func mutated(_ seed: Seed, _ random: inout SeededRandom) -> [UInt8] {
        if Bool.random(using: &random) { return mutated(seed.json, &random).bytes }
        var body = seed.body
        for _ in 0..<Int.random(in: 1...4, using: &random) where !body.isEmpty {
            let index = Int.random(in: body.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: body[index] = UInt8.random(in: .min ... .max, using: &random)
            case 1: body.remove(at: index)
            case 2: body.insert(body[Int.random(in: body.indices, using: &random)], at: index)
            default: body.removeSubrange(index..<min(index + 8, body.count))
            }
        }
        return body
    }

    private static let strange: [JSON] = [
        .null, true, 0, -1, 9_223_372_036_854_775_807, 1e308, -0.5, "", "\u{0}", "é\u{202E}", [],
        [[]], [:],
        ["id": ["id": "x"]], "true_@", "@", "___", "18446744073709551616",
        .string(String(repeating: "x", count: 3000)), "a\u{0}b",
    ]

    private func mutated(_ json: JSON, _ random: inout SeededRandom) -> JSON {
        if Int.random(in: 0..<12, using: &random) == 0 {
            return Self.strange.randomElement(using: &random) ?? .null
        }
        switch json {
        case .object(let object):
            var members: [(name: String, value: JSON)] = []
            for member in object.members {
                if Int.random(in: 0..<20, using: &random) == 0 { continue }
                members.append((member.name, mutated(member.value, &random)))
                if Int.random(in: 0..<20, using: &random) == 0 { members.append(member) }
            }
            return .object(JSONObject(members))
        case .array(let elements):
            return .array(elements.map { mutated($0, &random) })
        case .null, .bool, .integer, .number, .string: return json
        }
    }
}

extension DomainEvent {
    /// The names by which it will be looked up, and must be kept once.
    fileprivate var keptNames: [String] {
        switch kind {
        case .message(let message):
            message.id.all + message.sender.names + (message.replyTo?.messageID?.all ?? [])
        case .echo(let message): message.id.all + message.recipient.names
        case .reaction(let reaction):
            [dedupeKey] + (reaction.id?.all ?? []) + reaction.target.all + reaction.sender.names
        case .status(let update): update.messageID.all + update.recipient.names
        case .edited(let edit): edit.target.all + edit.sender.names
        case .revoked(let revocation): revocation.target.all + revocation.sender.names
        case .preference(let preference): [dedupeKey] + preference.party.names
        case .identityChanged(let change): change.old.names + change.new.names
        case .call(let call): [call.id] + call.contact.names
        case .template(let update):
            [update.id, update.name, update.language, channel.accountID].compactMap { $0 }
        case .account, .session, .technical, .unknown: [dedupeKey]
        }
    }
}

extension Party {
    fileprivate var names: [String] { identities.map(\.value) }
}
