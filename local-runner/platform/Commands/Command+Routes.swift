import FunctionContract
import FunctionRuntime

extension Command {
    static let routes = Command(
        name: "routes",
        summary: "List what calls the functions: routes, schedules and queues.",
        options: [.functions, .only, .json]
    ) { arguments, environment in
        let manifests = try Catalog.manifests(Catalog.Source(arguments, environment))
        let rows = manifests.flatMap { manifest in
            manifest.triggers.map { TriggerRow($0, manifest) }
        }
        let text =
            arguments.has("json")
            ? JSON.array(rows.map(\.json)).text + "\n" : TriggerRow.table(rows)
        try Descriptor.standardOutput.write(Array(text.utf8))
        return 0
    }
}

/// One trigger as `routes` shows it.
private struct TriggerRow {
    let kind: String
    let trigger: String
    let function: String
    let description: String
    private var schedule: ScheduleTrigger?

    init(_ trigger: Trigger, _ manifest: Manifest) {
        switch trigger {
        case .http(let route):
            kind = "http"
            self.trigger = route.key
        case .schedule(let schedule):
            kind = "schedule"
            self.trigger = "\(schedule.cron.text) (\(schedule.timezone))"
            self.schedule = schedule
        case .queue(let name):
            kind = "queue"
            self.trigger = name
        }
        function = manifest.name
        description = manifest.description
    }

    var json: JSON {
        var members: [(name: String, value: JSON)] = [
            ("kind", .string(kind)), ("trigger", .string(trigger)), ("function", .string(function)),
            ("description", .string(description)),
        ]
        if let schedule {
            members += [
                ("name", .string(schedule.name)), ("cron", .string(schedule.cron.text)),
                ("timezone", .string(schedule.timezone)),
            ]
        }
        return .object(JSONObject(members))
    }

    static func table(_ rows: [TriggerRow]) -> String {
        var table = Table(["KIND", "TRIGGER", "FUNCTION", "DESCRIPTION"])
        for row in rows { table.add([row.kind, row.trigger, row.function, row.description]) }
        return table.text
    }
}
