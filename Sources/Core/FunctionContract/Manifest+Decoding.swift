extension Manifest {
    /// Reads `function.json`. `file` is its path for error messages, `name` the name of its folder.
    package init(_ bytes: [UInt8], name: String, file: String) throws(ManifestError) {
        let json: JSON
        do {
            json = try JSONParser.parse(bytes)
        } catch {
            let place = TextPosition(ofByteAt: error.offset ?? 0, in: bytes)
            throw ManifestError(file: file, key: "\(place)", problem: error.problem)
        }
        let root = try ManifestReader(json, file: file)
        try root.allowOnly([
            "description", "triggers", "timeoutSeconds", "memoryMegabytes", "bodyMegabytes",
            "concurrency", "environment", "framing", "command", "developmentOnly",
        ])
        self.name = name
        description = try root.string("description") ?? ""
        triggers = try Self.triggers(root, function: name)
        timeoutSeconds = try root.integer("timeoutSeconds", 1...900) ?? 10
        memoryMegabytes = try root.integer("memoryMegabytes", 16...10_240) ?? 128
        bodyMegabytes =
            try root.integer("bodyMegabytes", 1...Self.mostBodyMegabytes)
            ?? Self.mostBodyMegabytes
        concurrency = try Concurrency(root.object("concurrency"))
        environment = try Self.environment(root)
        framing = try root.choice("framing", Framing.allCases) ?? .stream
        command = try root.strings("command")
        developmentOnly = try root.bool("developmentOnly") ?? false
    }

    /// The limit of every host.
    private static let mostBodyMegabytes = Limits.bodyBytes / 1_048_576

    /// A variable name. A `?` after it means that the variable is optional.
    private static func environment(
        _ root: ManifestReader
    ) throws(ManifestError) -> [EnvironmentVariable] {
        var variables: [EnvironmentVariable] = []
        for (index, text) in try root.strings("environment").enumerated() {
            let name = text.hasSuffix("?") ? String(text.dropLast()) : text
            guard EnvironmentVariable.isName(name) else {
                throw root.error(
                    "environment[\(index)]",
                    "expected a name of letters, digits and _, with ? after it if optional"
                )
            }
            variables.append(EnvironmentVariable(name: name, required: name == text))
        }
        return variables
    }

    private static func triggers(
        _ root: ManifestReader,
        function: String
    ) throws(ManifestError) -> [Trigger] {
        let readers = try root.objects("triggers")
        guard !readers.isEmpty else {
            throw root.error(
                "triggers",
                "expected at least one of {\"http\": …}, {\"schedule\": …}, {\"queue\": …}"
            )
        }
        var triggers: [Trigger] = []
        for (index, reader) in readers.enumerated() {
            triggers.append(try trigger(reader, name: "\(function)-\(index)"))
        }
        return triggers
    }

    private static func trigger(
        _ reader: ManifestReader,
        name: String
    ) throws(ManifestError) -> Trigger {
        try reader.allowOnly(["http", "schedule", "queue"])
        guard reader.names.count == 1 else {
            throw reader.error("", "expected exactly one of http, schedule, queue")
        }
        if let http = try reader.object("http") { return .http(try route(http)) }
        if let schedule = try reader.object("schedule") {
            return .schedule(try ScheduleTrigger(schedule, fallbackName: name))
        }
        guard let queue = try reader.object("queue") else {
            throw reader.error("", "expected exactly one of http, schedule, queue")
        }
        try queue.allowOnly(["name"])
        return .queue(try queue.name("name"))
    }

    private static func route(_ reader: ManifestReader) throws(ManifestError) -> RoutePattern {
        try reader.allowOnly(["method", "path"])
        let method = try reader.required("method")
        let path = try reader.required("path")
        do {
            return try RoutePattern(method: method, path: path)
        } catch {
            let key = RoutePattern.methods.contains(method) ? "path" : "method"
            throw reader.error(key, error.message)
        }
    }
}

extension EnvironmentVariable {
    fileprivate static func isName(_ text: String) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}

extension ScheduleTrigger {
    fileprivate init(_ reader: ManifestReader, fallbackName: String) throws(ManifestError) {
        try reader.allowOnly(["name", "cron", "timezone", "catchUpMinutes", "mayOverlap"])
        name = try reader.string("name") ?? fallbackName
        timezone = try reader.string("timezone") ?? "UTC"
        catchUpMinutes = try reader.integer("catchUpMinutes", 0...10_080) ?? 60
        mayOverlap = try reader.bool("mayOverlap") ?? false
        let text = try reader.required("cron")
        do {
            cron = try CronExpression(text)
        } catch {
            throw reader.error("cron", error.message)
        }
    }
}

extension Concurrency {
    fileprivate init(_ reader: ManifestReader?) throws(ManifestError) {
        guard let reader else { return }
        try reader.allowOnly([
            "max", "batch", "prewarmed", "queue", "queueSeconds", "idleSeconds", "recycleAfter",
        ])
        max = try reader.integer("max", 1...1000) ?? max
        batch = try reader.integer("batch", 1...1000) ?? batch
        prewarmed = try reader.integer("prewarmed", 0...max) ?? prewarmed
        queue = try reader.integer("queue", 0...100_000) ?? queue
        queueSeconds = try reader.integer("queueSeconds", 1...900) ?? queueSeconds
        idleSeconds = try reader.integer("idleSeconds", 1...86_400) ?? idleSeconds
        recycleAfter = try reader.integer("recycleAfter", 1...1_000_000_000) ?? recycleAfter
    }
}
