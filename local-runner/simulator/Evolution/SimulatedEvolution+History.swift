import FunctionContract
import Providers

// POST /chat/findMessages/{instance}

extension SimulatedEvolution {
    static func history(_ account: Account, _ call: Call, _ world: World) -> Action {
        let json = call.json
        let chat = json?["where"]?["key"]?["remoteJid"]?.string ?? ""
        let limit = json?["offset"]?.integer ?? 50
        let found = world.messages.messages(to: number(chat), from: account, atMost: limit)
        let records = found.map { message in
            [
                "id": .string("row-" + message.id),
                "key": ["id": .string(message.id), "fromMe": true, "remoteJid": .string(chat)],
                "message": ["conversation": .string(message.contentJSON.string ?? "")],
                "messageTimestamp": .integer(seconds(message.at)),
                "MessageUpdate": .array(message.receipts.map { ["status": word($0.status)] }),
            ] as JSON
        }
        let page: JSON = [
            "total": .integer(records.count), "pages": 1, "currentPage": 1,
            "records": .array(records),
        ]
        return .answer(Answer(200, ["messages": page]))
    }
}
