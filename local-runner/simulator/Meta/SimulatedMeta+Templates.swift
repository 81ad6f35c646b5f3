import FunctionContract
import Providers

// GET, POST and DELETE /v{N}.0/{business}/message_templates

extension SimulatedMeta {
    static func createTemplate(
        _ call: Call,
        _ business: String,
        _ world: inout World
    ) -> Action {
        guard let json = call.json, json.object != nil else {
            return refused(.malformed("The request body is not valid JSON."))
        }
        let account = account(of: business, world)
        if let refusal = templateRefusal(json, account, world) { return refused(refusal) }
        let name = json["name"]?.string ?? ""
        let language = json["language"]?.string ?? ""
        if world.templates.templates(of: business).contains(where: {
            $0.name == name && $0.language == language
        }) {
            let detail = "There is already \(language) content for this template."
            return .answer(error(100, subcode: 2_388_024, detail: detail))
        }
        let record = TemplateRecord(
            id: String(world.ids.next() >> 12),
            account: account,
            name: name,
            language: language,
            category: json["category"]?.string ?? "MARKETING",
            components: json["components"]?.array ?? []
        )
        world.templates.add(record)
        planReview(of: record, &world)
        let answer: JSON = [
            "id": .string(record.id), "status": "PENDING", "category": .string(record.category),
        ]
        return .answer(Answer(200, answer))
    }

    static func listTemplates(_ call: Call, _ business: String, _ world: World) -> Action {
        var records = world.templates.templates(of: business)
        if let name = call.parameter("name") { records.removeAll { $0.name != name } }
        let limit = call.parameter("limit").flatMap { Int($0) } ?? 25
        let start = call.parameter("after").flatMap { Int($0) } ?? 0
        guard limit > 0, start >= 0 else { return refused(.invalid("limit", "not a number")) }
        let page = records.dropFirst(start).prefix(limit)
        let end = start + page.count
        var paging = JSONObject([
            ("cursors", ["before": .string(String(start)), "after": .string(String(end))])
        ])
        if end < records.count {
            paging["next"] = .string("\(world.address)\(call.path)?limit=\(limit)&after=\(end)")
        }
        let data = JSON.array(page.map(\.json))
        return .answer(Answer(200, ["data": data, "paging": .object(paging)]))
    }

    static func deleteTemplate(
        _ call: Call,
        _ business: String,
        _ world: inout World
    ) -> Action {
        guard let name = call.parameter("name"), !name.isEmpty else {
            return refused(.missing("name"))
        }
        guard world.templates.remove(name, of: business) else {
            return .answer(error(100, subcode: 2_593_002, detail: "Message Template Not Found"))
        }
        return .answer(Answer(200, ["success": true]))
    }

    private static func account(of business: String, _ world: World) -> Account {
        if let account = world.scenario.accounts.first(where: {
            $0.provider == .meta && $0.businessID == business
        }) {
            return account
        }
        var account = world.scenario.account(.meta, business)
        account.businessID = business
        return account
    }

    private static func templateRefusal(
        _ json: JSON,
        _ account: Account,
        _ world: World
    ) -> Refusal? {
        guard let name = json["name"]?.string, !name.isEmpty else { return .missing("name") }
        let isName =
            name.utf8.count <= 512
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            }
        guard isName else { return .invalid("name", "only a-z, 0-9 and _ are allowed") }
        guard json["language"]?.string?.isEmpty == false else { return .missing("language") }
        let categories = ["MARKETING", "UTILITY", "AUTHENTICATION"]
        guard categories.contains(json["category"]?.string ?? "") else {
            return .invalid("category", "one of \(categories.joined(separator: ", "))")
        }
        guard json["components"]?.array?.isEmpty == false else { return .missing("components") }
        return world.templates.records.count < TemplateBook.limit ? nil : .full
    }

    private static func planReview(of record: TemplateRecord, _ world: inout World) {
        let review = world.behaviour.review(of: record.name)
        world.plan(
            .template(
                record,
                event: review.isRejected ? "REJECTED" : "APPROVED",
                reason: review.isRejected ? "INVALID_FORMAT" : nil
            ),
            of: record.account,
            after: review.delay
        )
    }
}
