import FunctionContract
import Testing

@Suite struct CloudEventHTTPTests {
    private static let required = [
        "ce-specversion": "1.0", "ce-id": "7", "ce-source": "/s", "ce-type": "t",
    ]

    private func event(
        _ headers: [String: String],
        _ body: [UInt8]? = nil
    ) throws -> CloudEvent? {
        var request = HTTPEvent()
        for (name, value) in headers { request.headers.add(name, value) }
        request.body = body
        return try CloudEvent(in: request)
    }

    private func binary(
        _ more: [String: String] = [:],
        _ body: [UInt8]? = nil
    ) throws -> CloudEvent? {
        try event(Self.required.merging(more) { $1 }, body)
    }

    @Test func attributesComeInHeaders() throws {
        let event = try #require(
            try binary(
                [
                    "ce-subject": "caf%C3%A9%20%25", "ce-time": "2026-03-12T19:03:58Z",
                    "ce-attempt": "2", "ce-deadlinems": "5", "traceparent": "00-a",
                    "content-type": "application/json; charset=utf-8", "host": "x",
                ],
                Array(#"{"queue":"q"}"#.utf8)
            )
        )
        #expect((event.id, event.source, event.type) == ("7", "/s", "t"))
        #expect(event.subject == "café %")
        #expect(event.time?.rfc3339 == "2026-03-12T19:03:58.000Z")
        #expect(event.data == ["queue": "q"])
        #expect(event.traceparent == "00-a")
        #expect(event.deadline == nil)
        #expect(JSON.object(event.extensions) == ["attempt": "2"])
    }

    @Test func dataMayBeTextOrMissing() throws {
        #expect(try binary()?.data == nil)
        #expect(try binary([:], [])?.data == nil)
        #expect(try binary([:], Array("[1]".utf8))?.data == [1])
        let vendor = ["content-type": "application/vnd.a+json"]
        #expect(try binary(vendor, Array("{}".utf8))?.data == [:])
        #expect(try binary(["content-type": "text/plain"], Array("hi".utf8))?.data == "hi")
    }

    @Test func whatIsWrongIsRefused() throws {
        for name in ["ce-id", "ce-source", "ce-type"] {
            #expect(throws: ContractError.self) { try binary([name: ""]) }
        }
        #expect(throws: ContractError.self) { try binary(["ce-specversion": "0.3"]) }
        #expect(throws: ContractError.self) { try binary([:], Array("{".utf8)) }
        #expect(throws: ContractError.self) { try binary(["content-type": "image/png"], [0xFF]) }
    }

    @Test func otherRequestsCarryNone() throws {
        #expect(try event([:]) == nil)
        #expect(try event(["content-type": "application/json"], Array("{}".utf8)) == nil)
        #expect(try event(["ce-id": "1"]) == nil)
    }

    @Test func aPingOfKnativeIsASchedule() throws {
        let source = "/apis/v1/namespaces/default/pingsources/nightly"
        let ping = ["ce-type": "dev.knative.sources.ping", "ce-source": source]
        let event = try #require(try binary(ping))
        #expect(event.type == CloudEvent.scheduleFired)
        #expect(event.subject == "nightly")
        #expect(try binary(ping.merging(["ce-subject": "mine"]) { $1 })?.subject == "mine")
    }
}
