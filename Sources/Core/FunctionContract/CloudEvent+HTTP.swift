// A CloudEvent in an HTTP request. Knative's sources and brokers use both modes.

extension CloudEvent {
    /// Reads a CloudEvent from `request`. In structured mode the body holds the whole event. In
    /// binary mode `ce-` headers hold the attributes, and the body the data. An empty POST is a
    /// schedule event, because the schedulers of OpenWhisk and OpenFaaS send nothing else. Nil for
    /// any other request.
    package init?(in request: HTTPEvent) throws(ContractError) {
        let contentType = request.headers["content-type"]?.lowercased() ?? "application/json"
        if contentType.hasPrefix("application/cloudevents+json") {
            try self.init(json: request.json())
        } else if request.headers["ce-specversion"] != nil {
            try self.init(json: .object(Self.attributesAndData(of: request, contentType)))
        } else if request.isBareTrigger {
            let id = request.requestContext.requestId
            self.init(id: id.isEmpty ? "bare" : id, source: "clock", type: Self.scheduleFired)
        } else {
            return nil
        }
    }

    private static func attributesAndData(
        of request: HTTPEvent,
        _ contentType: String
    ) throws(ContractError) -> JSONObject {
        var object = JSONObject()
        if let traceparent = request.headers["traceparent"] {
            object["traceparent"] = .string(traceparent)
        }
        for (name, value) in request.headers.fields where name.hasPrefix("ce-") {
            object[String(name.dropFirst(3))] = .string(PercentEncoding.decode(value))
        }
        // Only the calling host sets the deadline, not the sender of the event.
        object["deadlinems"] = nil
        guard let body = request.body, !body.isEmpty else { return object }
        let mediaType = contentType.prefix { $0 != ";" && $0 != " " }
        if mediaType == "application/json" || mediaType.hasSuffix("+json") {
            object["data"] = try request.json()
        } else if let text = request.text {
            object["data"] = .string(text)
        } else {
            throw ContractError("event.data: expected JSON or text, found \(contentType)")
        }
        return object
    }

    /// Turns an event of Knative's PingSource into a schedule event.
    mutating func readPing() {
        guard type == "dev.knative.sources.ping" else { return }
        type = Self.scheduleFired
        subject = subject ?? source.split(separator: "/").last.map(String.init)
    }
}

extension HTTPEvent {
    /// Whether this is a POST without content: no body, white space, or an object without members.
    fileprivate var isBareTrigger: Bool {
        guard method == "POST" else { return false }
        let marks = (body ?? []).filter { !" \t\r\n".utf8.contains($0) }
        return marks.isEmpty || marks == Array("{}".utf8)
    }
}
