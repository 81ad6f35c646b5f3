import FunctionContract
import Testing

@Suite struct CloudEventTests {
    private static let full = #"""
        {
          "specversion": "1.0", "id": "7", "source": "/schedules/nightly", "type": "relais.schedule.fired",
          "subject": "nightly", "time": "2026-03-12T20:03:58+01:00", "datacontenttype": "application/json",
          "data": { "queue": "send" }, "deadlinems": 1773342248000,
          "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "dataschema": "https://example.com/schema", "attempt": 2, "flag": true, "none": null
        }
        """#

    @Test func readsEveryAttribute() throws {
        let event = try decode(Self.full)
        #expect(event.id == "7")
        #expect(event.source == "/schedules/nightly")
        #expect(event.type == CloudEvent.scheduleFired)
        #expect(event.subject == "nightly")
        #expect(event.time?.rfc3339 == "2026-03-12T19:03:58.000Z")
        #expect(event.data == ["queue": "send"])
        #expect(event.deadline?.milliseconds == 1_773_342_248_000)
        #expect(event.traceparent == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    }

    @Test func extensionsAreKeptAndNullIsAbsent() throws {
        let event = try decode(Self.full)
        #expect(
            JSON.object(event.extensions)
                == ["dataschema": "https://example.com/schema", "attempt": 2, "flag": true]
        )
        let optional = [
            "subject", "time", "datacontenttype", "data", "data_base64", "deadlinems",
            "traceparent", "x",
        ]
        let members = optional.map { ",\"\($0)\":null" }.joined()
        let bare = CloudEvent(id: "1", source: "s", type: "t")
        #expect(
            try decode(#"{"specversion":"1.0","id":"1","source":"s","type":"t"\#(members)}"#)
                == bare
        )
    }

    @Test func whatIsWrittenIsReadBackTheSame() throws {
        let full = try decode(Self.full)
        #expect(try Event.decode(Event.cloud(full).bytes) == .cloud(full))
        let bare = CloudEvent(id: "1", source: "s", type: CloudEvent.queueReady)
        let text = String(decoding: Event.cloud(bare).bytes, as: UTF8.self)
        #expect(text == #"{"specversion":"1.0","id":"1","source":"s","type":"relais.queue.ready"}"#)
    }

    @Test(
        arguments: [
            (#""data":[1]"#, [1]), (#""data":"text""#, "text"), (#""data":false"#, false),
            (#""data_base64":"eyJhIjoxfQ==""#, ["a": 1]), (#""data":null,"data_base64":"MQ==""#, 1),
        ] as [(String, JSON)]
    )
    func dataIsJSONEitherWay(member: String, data: JSON) throws {
        let event = try decode(
            #"{"specversion":"1.0","id":"1","source":"s","type":"t",\#(member)}"#
        )
        #expect(event.data == data)
    }

    @Test(arguments: ["id", "source", "type"], ["", #","NAME":null"#, #","NAME":"""#])
    func someAttributesAreRequired(name: String, instead: String) {
        let others = ["id", "source", "type"].filter { $0 != name }.map { ",\"\($0)\":\"x\"" }
            .joined()
        let member = instead.split(separator: "NAME", omittingEmptySubsequences: false).joined(
            separator: name
        )
        expectError(
            #"{"specversion":"1.0"\#(others)\#(member)}"#,
            "event.\(name): expected a string that is not empty (CloudEvents)"
        )
    }

    @Test(arguments: [
        (#""specversion":"0.3""#, #"event.specversion: expected "1.0" (CloudEvents)"#),
        (#""specversion":null"#, #"event.specversion: expected "1.0" (CloudEvents)"#),
        (#""specversion":1.0"#, "event.specversion: expected a string, found a number"),
        (#""id":1"#, "event.id: expected a string, found a number"),
        (#""subject":[]"#, "event.subject: expected a string, found an array"),
        (#""time":"yesterday""#, "event.time: expected RFC 3339, like 2026-03-12T19:03:58Z"),
        (#""time":0"#, "event.time: expected a string, found a number"),
        (#""deadlinems":"1""#, "event.deadlinems: expected a whole number, found a string"),
        (#""traceparent":{}"#, "event.traceparent: expected a string, found an object"),
        (#""data_base64":1"#, "event.data_base64: expected a string, found a number"),
        (#""data_base64":"?""#, "event.data_base64: expected base64 of JSON"),
        (#""data_base64":"/w==""#, "event.data_base64: expected base64 of JSON"),
        (#""data":1,"data_base64":"MQ==""#, "event.data_base64: expected no data beside it"),
    ])
    func namesWhatIsWrong(member: String, message: String) {
        expectError(#"{"specversion":"1.0","id":"1","source":"s","type":"t",\#(member)}"#, message)
    }

    private func decode(_ text: String) throws -> CloudEvent {
        guard case .cloud(let event) = try Event.decode(Array(text.utf8)) else {
            throw ContractError("expected a CloudEvent")
        }
        return event
    }

    private func expectError(_ text: String, _ message: String) {
        #expect(throws: ContractError(message)) { try Event.decode(Array(text.utf8)) }
    }
}
