import FunctionContract

// POST /v{N}.0/{phone_number_id}/messages

extension SimulatedMeta {
    static func message(_ call: Call, _ account: Account, _ world: World) -> Action {
        guard let json = call.json, json.object != nil else {
            return refused(.malformed("The request body is not valid JSON."))
        }
        if json["status"]?.string == "read" { return markRead(json) }
        let type = json["type"]?.string ?? "text"
        let part = json[type] ?? .null
        var send = Send(
            account,
            to: (json["to"] ?? json["recipient"])?.string ?? "",
            type,
            part,
            reference: json["biz_opaque_callback_data"]?.string
        )
        if let refusal = envelopeRefusal(json, type, part) { return .refuse(send, refusal) }
        if type == "template" {
            let template = world.templates.find(
                part["name"]?.string ?? "",
                part["language"]?["code"]?.string ?? "",
                of: account.businessID
            )
            if let refusal = templateRefusal(part, template, world) {
                return .refuse(send, refusal)
            }
            send.template = part["name"]?.string
            send.language = part["language"]?["code"]?.string
            send.buttons = quickReplies(part, template)
        } else {
            send.buttons = replyButtons(part)
        }
        return .send(send)
    }

    private static func markRead(_ json: JSON) -> Action {
        guard json["message_id"]?.string?.isEmpty == false else {
            return refused(.missing("message_id"))
        }
        return .answer(Answer(200, ["success": true]))
    }

    private static func envelopeRefusal(_ json: JSON, _ type: String, _ part: JSON) -> Refusal? {
        guard json["messaging_product"]?.string == "whatsapp" else {
            return .missing("messaging_product")
        }
        guard (json["to"] ?? json["recipient"])?.string?.isEmpty == false else {
            return .missing("to")
        }
        guard types.contains(type) else { return .invalid("type", "unsupported: \(type)") }
        if part.isNull { return .missing(type) }
        if let reference = json["biz_opaque_callback_data"],
            let refusal = text(reference, "biz_opaque_callback_data", atMost: 512)
        {
            return refusal
        }
        switch type {
        case "text": return text(part["body"], "text.body", atMost: 4096)
        case "interactive": return interactiveRefusal(part)
        case "reaction": return part["message_id"] == nil ? .missing("reaction.message_id") : nil
        case "image", "video", "audio", "document", "sticker":
            return part["id"] == nil && part["link"] == nil ? .missing("\(type).id or link") : nil
        default: return nil
        }
    }

    private static let types: Set = [
        "text", "template", "interactive", "reaction", "image", "video", "audio", "document",
        "sticker", "location", "contacts",
    ]

    /// The fault of a required text; nil when there is none.
    private static func text(_ json: JSON?, _ name: String, atMost limit: Int) -> Refusal? {
        guard let text = json?.string, !text.isEmpty else { return .missing(name) }
        let count = text.unicodeScalars.count
        return count > limit ? .invalid(name, "\(count) characters; \(limit) are allowed") : nil
    }

    private static func interactiveRefusal(_ part: JSON) -> Refusal? {
        let kind = part["type"]?.string
        guard kind == "button" || kind == "list" else { return nil }
        if let refusal = text(part["body"]?["text"], "interactive.body.text", atMost: 1024) {
            return refusal
        }
        if kind == "list" {
            let sections = part["action"]?["sections"]?.array ?? []
            let rows = sections.reduce(0) { $0 + ($1["rows"]?.array?.count ?? 0) }
            guard (1...10).contains(rows) else {
                return .invalid("interactive.action.sections", "\(rows) rows; 1 to 10 are allowed")
            }
            return nil
        }
        let buttons = part["action"]?["buttons"]?.array ?? []
        guard (1...3).contains(buttons.count) else {
            let count = buttons.count
            return .invalid("interactive.action.buttons", "\(count) buttons; 1 to 3 are allowed")
        }
        for button in buttons {
            let title = button["reply"]?["title"]
            if let refusal = text(title, "buttons.reply.title", atMost: 20) { return refusal }
            let id = button["reply"]?["id"]
            if let refusal = text(id, "buttons.reply.id", atMost: 256) { return refusal }
        }
        return nil
    }
}

// MARK: - Templates and buttons

extension SimulatedMeta {
    private static func templateRefusal(
        _ part: JSON,
        _ template: TemplateRecord?,
        _ world: World
    ) -> Refusal? {
        guard let name = part["name"]?.string, !name.isEmpty else {
            return .missing("template.name")
        }
        guard part["language"]?["code"]?.string?.isEmpty == false else {
            return .missing("template.language")
        }
        guard let template else {
            return world.scenario.templates.isStrict ? .templateMissing(name) : nil
        }
        guard template.status == "APPROVED" else { return .templateMissing(name) }
        let components = part["components"]?.array ?? []
        let body = components.first { $0["type"]?.string?.lowercased() == "body" }
        let found = body?["parameters"]?.array?.count ?? 0
        let expected = template.bodyVariables
        return found == expected ? nil : .templateParameters(expected: expected, found: found)
    }

    /// The send contains the payloads, the template contains the titles of the buttons.
    private static func quickReplies(_ part: JSON, _ template: TemplateRecord?) -> [Send.Button] {
        let titles = template?.quickReplies ?? []
        let components = (part["components"]?.array ?? []).filter {
            $0["sub_type"]?.string?.lowercased() == "quick_reply"
        }
        if components.isEmpty {
            return titles.map { Send.Button(id: $0, title: $0, isOfTemplate: true) }
        }
        return components.enumerated().map { place, component in
            let payload = component["parameters"]?[0]?["payload"]?.string ?? ""
            let title = titles.indices.contains(place) ? titles[place] : payload
            return Send.Button(id: payload, title: title, isOfTemplate: true)
        }
    }

    private static func replyButtons(_ part: JSON) -> [Send.Button] {
        (part["action"]?["buttons"]?.array ?? []).compactMap { button in
            guard let id = button["reply"]?["id"]?.string,
                let title = button["reply"]?["title"]?.string
            else { return nil }
            return Send.Button(id: id, title: title)
        }
    }
}
