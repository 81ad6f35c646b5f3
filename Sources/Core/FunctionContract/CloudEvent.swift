/// A CloudEvents 1.0 event in structured JSON. Schedules and queues call functions with it.
package struct CloudEvent: Equatable, Sendable {
    package static let scheduleFired = "relais.schedule.fired"
    package static let queueReady = "relais.queue.ready"

    package var id: String
    package var source: String
    package var type: String
    package var subject: String?
    /// For a schedule, the planned instant, not the time of the run.
    package var time: Timestamp?
    package var data: JSON?
    /// When the host stops waiting (the extension attribute `deadlinems`).
    package var deadline: Timestamp?
    /// The W3C trace context of this event (the extension `traceparent`).
    package var traceparent: String?
    /// All other attributes, unchanged.
    package var extensions = JSONObject()

    package init(id: String, source: String, type: String) {
        self.id = id
        self.source = source
        self.type = type
    }

    package init(json: JSON) throws(ContractError) {
        let members = Members(json, of: "event")
        guard try members.string("specversion") == "1.0" else {
            throw ContractError("event.specversion: expected \"1.0\" (CloudEvents)")
        }
        id = try Self.required("id", members)
        source = try Self.required("source", members)
        type = try Self.required("type", members)
        subject = try members.string("subject")
        time = try Self.time(members)
        data = try Self.data(members)
        deadline = try members.integer("deadlinems").map { Timestamp(milliseconds: Int64($0)) }
        traceparent = try members.string("traceparent")
        extensions.members = (json.object?.members ?? []).filter {
            !Self.known.contains($0.name) && !$0.value.isNull
        }
        readPing()
    }

    package func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("id", id)
            writer.member("source", source)
            writer.member("type", type)
            if let subject { writer.member("subject", subject) }
            if let time { writer.member("time", time.rfc3339) }
            if let traceparent { writer.member("traceparent", traceparent) }
            if let deadline {
                writer.name("deadlinems")
                writer.integer(deadline.milliseconds)
            }
            for attribute in extensions.members {
                writer.name(attribute.name)
                writer.value(attribute.value)
            }
            if let data {
                writer.member("datacontenttype", "application/json")
                writer.name("data")
                writer.value(data)
            }
        }
    }

    private static let known: Set = [
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data",
        "data_base64", "deadlinems", "traceparent",
    ]

    private static func required(
        _ name: String,
        _ members: Members
    ) throws(ContractError) -> String {
        guard let value = try members.string(name), !value.isEmpty else {
            throw ContractError("event.\(name): expected a string that is not empty (CloudEvents)")
        }
        return value
    }

    private static func time(_ members: Members) throws(ContractError) -> Timestamp? {
        guard let text = try members.string("time") else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw ContractError("event.time: expected RFC 3339, like 2026-03-12T19:03:58Z")
        }
        return time
    }

    private static func data(_ members: Members) throws(ContractError) -> JSON? {
        guard let text = try members.string("data_base64") else { return members["data"] }
        if members["data"] != nil {
            throw ContractError("event.data_base64: expected no data beside it")
        }
        guard let bytes = Base64.decode(text), let data = try? JSONParser.parse(bytes) else {
            throw ContractError("event.data_base64: expected base64 of JSON")
        }
        return data
    }
}
