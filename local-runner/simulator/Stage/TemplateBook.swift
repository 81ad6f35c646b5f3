import FunctionContract

/// A template as Meta stores it.
struct TemplateRecord: Equatable {
    let id: String
    let account: Account
    let name: String
    let language: String
    var category: String
    var components: [JSON]
    var status = "PENDING"
    var rejection: String?

    /// The number of `{{…}}` placeholders in the body.
    var bodyVariables: Int {
        let body = components.first { $0["type"]?.string?.uppercased() == "BODY" }
        return (body?["text"]?.string ?? "").split(separator: "{{").count(where: {
            $0.contains("}}")
        })
    }

    /// The titles of the quick replies, in order.
    var quickReplies: [String] {
        let buttons = components.first { $0["type"]?.string?.uppercased() == "BUTTONS" }
        return (buttons?["buttons"]?.array ?? []).compactMap { button in
            guard button["type"]?.string?.uppercased() == "QUICK_REPLY" else { return nil }
            return button["text"]?.string
        }
    }

    var json: JSON {
        var object = JSONObject([
            ("id", .string(id)), ("name", .string(name)), ("language", .string(language)),
            ("status", .string(status)), ("category", .string(category)),
            ("components", .array(components)),
        ])
        if let rejection { object["rejected_reason"] = .string(rejection) }
        return .object(object)
    }
}

/// The templates of all accounts, in the order of creation.
struct TemplateBook {
    static let limit = 10_000

    private(set) var records: [TemplateRecord] = []

    func templates(of business: String) -> [TemplateRecord] {
        records.filter { $0.account.businessID == business }
    }

    /// The template of the account, else of any account. An account that the scenario does not
    /// describe has no business id.
    func find(_ name: String, _ language: String, of business: String) -> TemplateRecord? {
        let found = records.filter { $0.name == name && $0.language == language }
        return found.first { $0.account.businessID == business } ?? found.first
    }

    mutating func add(_ record: TemplateRecord) { records.append(record) }

    /// Returns whether the template existed.
    mutating func remove(_ name: String, of business: String) -> Bool {
        let count = records.count
        records.removeAll { $0.name == name && $0.account.businessID == business }
        return records.count < count
    }

    mutating func update(_ id: String, _ change: (inout TemplateRecord) -> Void) {
        guard let place = records.firstIndex(where: { $0.id == id }) else { return }
        change(&records[place])
    }
}
