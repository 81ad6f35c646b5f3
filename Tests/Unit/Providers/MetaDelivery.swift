import FunctionContract
import Testing

@testable import Providers

/// Deliveries of Meta, made and read.
enum MetaDelivery {
    static func only(field: String = "messages", value: String) throws -> DomainEvent {
        try only(envelope(value, field: field))
    }

    static func envelope(_ value: String, field: String = "messages") -> [UInt8] {
        Array(#"{"entry":[{"id":"1","changes":[{"field":"\#(field)","value":\#(value)}]}]}"#.utf8)
    }

    static func only(_ body: [UInt8]) throws -> DomainEvent {
        let events = try Provider.meta.events(in: body)
        try #require(events.count == 1)
        return events[0]
    }

    static func inbound(_ event: DomainEvent) throws -> InboundMessage {
        guard case .message(let message) = event.kind else { throw Unexpected() }
        return message
    }

    static func choice(_ message: InboundMessage) -> Choice? {
        if case .choice(let choice) = message.content { choice } else { nil }
    }
}

/// What came was of another kind than the test is about.
struct Unexpected: Error {}
