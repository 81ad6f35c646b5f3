/// The input of a function.
package enum Event: Equatable, Sendable {
    case http(HTTPEvent)
    case cloud(CloudEvent)

    /// Detects the kind by the attributes that CloudEvents requires, or by the members that AWS
    /// sets.
    package init(json: JSON) throws(ContractError) {
        guard let object = json.object else {
            throw ContractError("event: expected a JSON object, found \(json.kind)")
        }
        if object["specversion"] != nil {
            self = .cloud(try CloudEvent(json: json))
        } else if let event = CloudEvent(eventBridge: json) ?? CloudEvent(sqs: json) {
            self = .cloud(event)
        } else {
            self = .http(try HTTPEvent(json: json))
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(ContractError) -> Event {
        try Event(json: try JSONParser.parse(bytes))
    }

    package func encode(into writer: inout JSONWriter) {
        switch self {
        case .http(let event): event.encode(into: &writer)
        case .cloud(let event): event.encode(into: &writer)
        }
    }

    package var bytes: [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        encode(into: &writer)
        return writer.bytes
    }

    package var deadline: Timestamp? {
        switch self {
        case .http(let event): event.deadline
        case .cloud(let event): event.deadline
        }
    }

    package var requestID: String {
        switch self {
        case .http(let event): event.requestContext.requestId
        case .cloud(let event): event.id
        }
    }

    package var traceparent: String? {
        switch self {
        case .http(let event): event.headers["traceparent"]
        case .cloud(let event): event.traceparent
        }
    }
}
