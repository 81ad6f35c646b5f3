import FunctionContract
import Providers

// GET /api/{session}/chats/{chat}/messages

extension SimulatedWAHA {
    static func history(
        of chat: String,
        _ account: Account,
        _ call: Call,
        _ world: World
    ) -> Action {
        let limit = call.parameter("limit").flatMap { Int($0) } ?? 10
        let since = call.parameter("filter.timestamp.gte").flatMap { Int($0) } ?? 0
        let found = world.messages.messages(to: number(chat), from: account, atMost: limit)
        let messages = found.filter { seconds($0.at) >= since }.map { message in
            let (ack, name) = ack(message.status)
            return [
                "id": .string(message.id), "timestamp": .integer(seconds(message.at)),
                "from": .string(Self.chat(account.phone)), "fromMe": true, "source": "api",
                "to": .string(chat), "body": .string(message.contentJSON.string ?? ""),
                "hasMedia": false, "ack": .integer(ack), "ackName": .string(name),
            ] as JSON
        }
        return .answer(Answer(200, .array(messages)))
    }
}
