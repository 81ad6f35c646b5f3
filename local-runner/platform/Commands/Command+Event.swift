import FunctionContract
import FunctionRuntime

extension Command {
    static let event = Command(
        name: "event",
        summary: "Print a sample event, to be edited or piped into a function.",
        operands: ["http|schedule|queue"],
        options: [
            .init("method", "name", "http: the method [GET]"),
            .init("path", "path", "http: path and query [/]"),
            .init("header", "name: value", "http: a header; may be repeated"),
            .init("body", "text", "http: the body"),
            .init("name", "name", "schedule or queue: its name"),
        ],
        notes: """
            Examples:
              local-runner event http --path /api/health | .build/debug/health-check
              local-runner event http --path /api/health | local-runner invoke health-check
            """
    ) { arguments, _ in
        let event: Event
        switch try arguments.operand(0, "http, schedule or queue") {
        case "http":
            try arguments.allow(["method", "path", "header", "body"], in: "event http")
            event = .http(try sampleRequest(arguments))
        case "schedule":
            try arguments.allow(["name"], in: "event schedule")
            event = .cloud(sampleSchedule(arguments["name"] ?? "quota-reset"))
        case "queue":
            try arguments.allow(["name"], in: "event queue")
            var queue = sampleCloudEvent(CloudEvent.queueReady)
            queue.subject = arguments["name"] ?? "send"
            queue.data = ["queue": .string(queue.subject ?? "")]
            event = .cloud(queue)
        case let other:
            throw UsageError("event: expected http, schedule or queue, found \"\(other)\"")
        }
        let text = try JSONParser.parse(event.bytes).indented + "\n"
        try Descriptor.standardOutput.write(Array(text.utf8))
        return 0
    }

    private static let sampleTimeoutMilliseconds: Int64 = 30_000

    private static func sampleRequest(_ arguments: Arguments) throws(UsageError) -> HTTPEvent {
        let target = arguments["path"] ?? "/"
        guard target.hasPrefix("/") else {
            throw UsageError("event: --path: expected a path that starts with \"/\"")
        }
        let method = arguments["method"]?.uppercased() ?? "GET"
        guard !method.isEmpty,
            method.utf8.allSatisfy({ $0 &- UInt8(ascii: "A") < 26 || $0 == 0x2D })
        else {
            throw UsageError("event: --method: expected a name such as POST, found \"\(method)\"")
        }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var ids = RequestIDs()
        let now = Timestamp.now
        var event = HTTPEvent()
        event.rawPath = String(parts[0])
        event.rawQueryString = parts.count > 1 ? String(parts[1]) : ""
        event.queryStringParameters = HTTPEvent.parameters(ofQuery: event.rawQueryString)
        event.headers = ["host": "localhost", "user-agent": "local-runner/\(productVersion)"]
        for header in arguments.all("header") {
            let pair = header.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else {
                throw UsageError("event: --header: expected \"name: value\", found \"\(header)\"")
            }
            event.headers.add(pair[0].lowercased(), String(pair[1].drop { $0 == " " }))
        }
        event.requestContext.http.method = method
        event.requestContext.http.path = event.rawPath
        event.requestContext.http.userAgent = event.headers["user-agent"] ?? ""
        event.requestContext.requestId = ids.next()
        event.requestContext.time = now
        event.body = arguments["body"].map { Array($0.utf8) }
        event.deadline = Timestamp(milliseconds: now.milliseconds + sampleTimeoutMilliseconds)
        return event
    }

    /// The event of a schedule that fires in this minute.
    static func sampleSchedule(_ name: String) -> CloudEvent {
        var event = sampleCloudEvent(CloudEvent.scheduleFired)
        event.subject = name
        return event
    }

    private static func sampleCloudEvent(_ type: String) -> CloudEvent {
        var ids = RequestIDs()
        let now = Timestamp.now
        var event = CloudEvent(id: ids.next(), source: "/local-runner", type: type)
        event.time = Timestamp(milliseconds: now.milliseconds / 60_000 * 60_000)
        event.deadline = Timestamp(milliseconds: now.milliseconds + sampleTimeoutMilliseconds)
        return event
    }
}
