import FunctionContract
import FunctionRuntime
import Testing

@Suite("A function dispatches its events")
struct FunctionTests {
    private static let schedule = CloudEvent(
        id: "1",
        source: "/schedules/nightly",
        type: CloudEvent.scheduleFired
    )
    private static let queue = CloudEvent(id: "2", source: "/queues", type: CloudEvent.queueReady)

    private func answer(
        _ function: Function,
        _ event: Event,
        _ log: Log = Log(write: { _ in })
    ) -> Reply { function.answer(event, .call(log: log)) }

    @Test("Each kind of event reaches its own handler")
    func handlers() {
        let function = Function(
            [.everywhere { _, _ in .text("http") }],
            schedule: { _, _ in BatchReply(processed: 1) },
            queue: { _, _ in BatchReply(processed: 2) }
        )
        #expect(answer(function, .http(HTTPEvent())) == .http(.text("http")))
        #expect(answer(function, .cloud(Self.schedule)) == .batch(BatchReply(processed: 1)))
        #expect(answer(function, .cloud(Self.queue)) == .batch(BatchReply(processed: 2)))
    }

    @Test(
        "An event without a handler is a failure that names the kind",
        arguments: [
            (Event.http(HTTPEvent()), "HTTP request"), (.cloud(schedule), "schedule"),
            (.cloud(queue), "queue"),
        ]
    )
    func missingHandler(_ event: Event, _ kind: String) {
        guard case .failure(let failure) = answer(Function(), event) else {
            Issue.record("no failure")
            return
        }
        #expect(failure.type == "UnsupportedEvent")
        #expect(failure.message.contains(kind))
        #expect(failure.message.contains("function.json"))
    }

    @Test("An unknown event type is a failure that lists the known types")
    func unknownType() {
        let event = CloudEvent(id: "1", source: "/", type: "com.example.other")
        guard case .failure(let failure) = answer(Function(), .cloud(event)) else {
            Issue.record("no failure")
            return
        }
        #expect(failure.type == "UnknownEvent")
        #expect(failure.message.contains("com.example.other"))
        #expect(failure.message.contains(CloudEvent.queueReady))
    }

    @Test("A schedule event has its planned instant, and its name from subject or source")
    func schedules() {
        var seen: [ScheduleEvent] = []
        let function = Function(schedule: { event, _ in
            seen.append(event)
            return BatchReply()
        })
        var event = Self.schedule
        _ = answer(function, .cloud(event))
        event.subject = "nightly"
        event.time = Timestamp(milliseconds: 42)
        _ = answer(function, .cloud(event))
        let now = Timestamp(milliseconds: 1000)
        #expect(seen.map(\.name) == ["/schedules/nightly", "nightly"])
        #expect(seen.map(\.instant) == [now, Timestamp(milliseconds: 42)])
    }

    @Test("A queue event takes its name from data, then from subject")
    func queues() {
        var seen: [QueueEvent] = []
        let function = Function(queue: { event, _ in
            seen.append(event)
            return BatchReply()
        })
        var event = Self.queue
        _ = answer(function, .cloud(event))
        event.subject = "send"
        _ = answer(function, .cloud(event))
        event.data = ["queue": "import", "depth": 3]
        _ = answer(function, .cloud(event))
        #expect(seen.map(\.queue) == ["", "send", "import"])
        #expect(seen.map(\.data) == [.null, .null, ["queue": "import", "depth": 3]])
    }
}

@Suite("Events in a batch")
struct TogetherTests {
    private static let ready = CloudEvent(id: "2", source: "/", type: CloudEvent.queueReady)

    /// Two requests with an event of another kind between them.
    private static var calls: [(event: Event, context: Context)] {
        [(.http(HTTPEvent()), .call()), (.cloud(ready), .call()), (.http(HTTPEvent()), .call())]
    }

    @Test("Its requests reach the handler at once and get their replies in order")
    func together() {
        var sizes: [Int] = []
        let function = Function([
            Route(
                .get,
                "/",
                together: { calls, _ in
                    sizes.append(calls.count)
                    return calls.indices.map { .text("\($0)") }
                }
            )
        ])
        let replies = function.answer(Self.calls)
        #expect((replies[0], replies[2]) == (.http(.text("0")), .http(.text("1"))))
        guard case .failure(let failure) = replies[1] else {
            Issue.record("no failure")
            return
        }
        #expect(failure.type == "UnsupportedEvent")
        #expect(function.answer(.http(HTTPEvent()), .call()) == .http(.text("0")))
        #expect(function.answer([(.cloud(Self.ready), .call())]) == [.failure(failure)])
        #expect(sizes == [2, 1])
    }

    @Test("A failing handler fails the requests only")
    func failure() {
        let rejection = Rejection(status: 409, code: "taken", message: "the name is taken")
        let replies = Function([Route(.get, "/", together: { _, _ in throw rejection })]).answer(
            Self.calls
        )
        #expect((replies[0], replies[2]) == (.http(rejection.reply), .http(rejection.reply)))
        guard case .failure(let other) = replies[1] else {
            Issue.record("no failure")
            return
        }
        #expect(other.type == "UnsupportedEvent")
    }

    @Test("A handler for single requests answers one after the other")
    func single() {
        var count = 0
        let function = Function(
            [
                .everywhere { _, _ in
                    count += 1
                    return .text("\(count)")
                }
            ],
            queue: { _, _ in BatchReply(processed: 7) }
        )
        #expect(
            function.answer(Self.calls) == [
                .http(.text("1")), .batch(BatchReply(processed: 7)), .http(.text("2")),
            ]
        )
    }
}

@Suite("An error becomes a reply, never a trap")
struct FunctionErrorTests {
    private struct Broken: Error, CustomStringConvertible {
        let description = "the disk is \"full\"\n"
    }

    private enum Plain: Error { case outOfInk(cartridge: Int) }

    private static let event = CloudEvent(id: "1", source: "/", type: CloudEvent.queueReady)

    @Test("A rejection is a 4xx for HTTP and a failure for events")
    func rejections() {
        let rejection = Rejection(status: 409, code: "taken", message: "the name is taken")
        let function = Function(
            [.everywhere { _, _ in throw rejection }],
            queue: { _, _ in throw rejection }
        )
        #expect(function.answer(.http(HTTPEvent()), .call()) == .http(rejection.reply))
        #expect(rejection.reply.statusCode == 409)
        let failure = FunctionFailure(type: "taken", message: "the name is taken")
        #expect(function.answer(.cloud(Self.event), .call()) == .failure(failure))
    }

    @Test(
        "Any other error is a failure with the error's text",
        arguments: [
            (
                Broken() as any Error,
                FunctionFailure(type: "Broken", message: "the disk is \"full\"\n")
            ),
            (
                Plain.outOfInk(cartridge: 2),
                FunctionFailure(type: "Plain", message: "outOfInk(cartridge: 2)")
            ),
            (
                FunctionFailure(type: "Upstream", message: "gone"),
                FunctionFailure(type: "Upstream", message: "gone")
            ),
        ]
    )
    func errors(_ error: any Error, _ failure: FunctionFailure) throws {
        let recorded = RecordedLog()
        let function = Function(
            [.everywhere { _, _ in throw error }],
            queue: { _, _ in throw error }
        )
        for event in [Event.http(HTTPEvent()), .cloud(Self.event)] {
            #expect(function.answer(event, .call(log: recorded.log())) == .failure(failure))
        }
        let entries = try recorded.entries()
        #expect(entries.count == 2)
        #expect(entries.allSatisfy { $0["level"] == "error" })
        #expect(entries.allSatisfy { $0["message"]?.string == failure.message })
        #expect(entries.allSatisfy { $0["errorType"]?.string == failure.type })
    }

    @Test("A rejection is not logged")
    func silentRejections() {
        let recorded = RecordedLog()
        let function = Function([.everywhere { _, _ in throw Rejection.badRequest("no") }])
        _ = function.answer(.http(HTTPEvent()), .call(log: recorded.log()))
        #expect(recorded.lines.isEmpty)
    }
}
