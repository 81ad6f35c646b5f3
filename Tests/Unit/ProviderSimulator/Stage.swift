import FunctionContract
import HTTPServer
import Providers

@testable import ProviderSimulator

/// A world and what it takes to act in it, for tests that need no socket.
struct Stage {
    var world: World
    let now = Timestamp(milliseconds: 1_795_000_000_000)

    init(_ json: String = "{}") throws {
        world = World(Behaviour(seed: 1, scenario: try scenario(json)), ids: IDSource(run: 9))
        world.now = now
        world.address = "http://127.0.0.1:1"
    }

    /// What the provider makes of a request that the platform's own adapter wrote.
    mutating func perform(
        _ operation: ProviderOperation,
        _ provider: Provider,
        account: String? = nil
    ) throws -> Action {
        var channel = ChannelAccess(
            baseURL: "http://127.0.0.1:1" + provider.simulatedPath,
            token: "token",
            channelID: account ?? provider.simulatedAccount,
            accountID: "419"
        )
        channel.webhookURL = "http://127.0.0.1:2/webhooks"
        let request = try provider.request(for: operation, through: channel)
        let call = Call(request)
        return call.playing(in: &world)
    }

    /// The reply to a send that goes through.
    mutating func accept(_ send: Send) -> (message: SentMessage, reply: ProviderReply) {
        let player = send.account.provider.player
        let message = player.message(for: send, in: &world)
        world.messages.add(message)
        return (message, ProviderReply(player.acceptance(of: message)))
    }
}

extension Call {
    init(_ request: ProviderRequest) {
        let rest = request.url.dropFirst("http://127.0.0.1:1".count)
        let parts = rest.split(separator: "?", maxSplits: 1).map(String.init)
        var headers = HTTPHeaders()
        for field in request.headers.fields { headers.append(field.name, field.value) }
        self.init(
            request.method.rawValue,
            parts[0],
            query: parts.count > 1 ? parts[1] : "",
            headers: headers,
            body: request.body ?? []
        )
    }

    func playing(in world: inout World) -> Action {
        guard let provider = Provider(playing: self) else {
            return .answer(Answer(404, .string("nobody plays \(path)")))
        }
        return provider.player.action(for: self, in: &world)
    }
}

extension ProviderReply {
    init(_ answer: Answer) {
        self.init(status: answer.status, headers: [:], body: answer.body)
        for field in answer.headers { headers.add(field.name, field.value) }
    }
}

extension Provider {
    /// Where its API begins on the simulator.
    var simulatedPath: String {
        (publicBaseURL ?? "").split(separator: "/").dropFirst(2).map { "/" + $0 }.joined()
    }

    var simulatedAccount: String { self == .respondIO ? "12" : "106540352242922" }
}

extension Action {
    var send: Send? {
        if case .send(let send) = self { send } else { nil }
    }

    var answer: Answer? {
        if case .answer(let answer) = self { answer } else { nil }
    }

    /// The refusal of a send, with the send that was refused.
    var refusal: Refusal? {
        if case .refuse(_, let refusal) = self { refusal } else { nil }
    }

    /// The reply of a request that is answered without more ado.
    var reply: ProviderReply? { answer.map { ProviderReply($0) } }
}

extension Answer {
    var json: JSON { (try? JSONParser.parse(body)) ?? .null }
}
