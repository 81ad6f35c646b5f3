import FunctionContract
import Providers

// POST /_simulator/events

extension Simulator {
    /// Triggers an event that no send caused.
    func raise(_ call: Call) -> Answer {
        do throws(ScenarioError) {
            try raise(call.json ?? .null)
            return Answer(202, ["accepted": true])
        } catch {
            return Self.problem(400, "invalid_event", error.description)
        }
    }

    private static let known = [
        "provider", "account", "type", "from", "text", "reaction", "to", "state", "field", "value",
    ]

    private func raise(_ json: JSON) throws(ScenarioError) {
        let fields = try ScenarioFields(json, at: "event", known: Self.known)
        guard let provider = try fields.string("provider").flatMap(Provider.init) else {
            let names = Provider.allCases.map(\.rawValue).joined(separator: ", ")
            throw ScenarioError("event.provider: expected one of \(names)")
        }
        let account = world.scenario.account(provider, try required("account", fields))
        switch try required("type", fields) {
        case "message":
            let from = number(try required("from", fields))
            write(.text(try required("text", fields)), from: from, to: account)
        case "reaction": try react(fields, account)
        case "session": tell(.session(try required("state", fields)), of: account)
        case "account":
            let field = try required("field", fields)
            tell(.account(field: field, value: fields["value"] ?? [:]), of: account)
        case let type:
            throw ScenarioError(
                "event.type: expected message, reaction, session or account, found \"\(type)\""
            )
        }
    }

    private func react(_ fields: ScenarioFields, _ account: Account) throws(ScenarioError) {
        let id = try required("to", fields)
        guard let message = world.messages[id] else {
            throw ScenarioError("event.to: no message \"\(id)\" was sent")
        }
        let emoji = try required("reaction", fields)
        write(.reaction(emoji), from: message.recipient, to: account, about: message)
    }

    private func required(
        _ name: String,
        _ fields: ScenarioFields
    ) throws(ScenarioError) -> String {
        guard let text = try fields.string(name) else {
            throw ScenarioError("event.\(name): it is missing")
        }
        return text
    }
}
