import FunctionContract
import FunctionRuntime
import Testing

@Suite("CloudEvents over HTTP")
struct CloudEventOverHTTPTests {
    private let batch = Function(queue: { _, _ in BatchReply(processed: 3, remaining: 4) })

    private func post(_ body: String?, _ contentType: String?) -> Event {
        var event = HTTPEvent()
        event.requestContext.http.method = "POST"
        event.headers["content-type"] = contentType
        event.body = body.map { Array($0.utf8) }
        return .http(event)
    }

    private static let structured = "application/cloudevents+json"
    private static let ready = """
        {"specversion":"1.0","id":"1","source":"/q","type":"relais.queue.ready"}
        """

    @Test(
        "A function without an HTTP handler answers them",
        arguments: [structured, structured + "; charset=utf-8", "Application/CloudEvents+JSON"]
    )
    func answered(_ contentType: String) {
        let reply = batch.answer(post(Self.ready, contentType), .call())
        #expect(reply == .http(.json(["processed": 3, "remaining": 4])))
    }

    @Test("An event may also come in headers around its data")
    func binary() {
        var event = HTTPEvent()
        event.headers = [
            "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/q",
            "ce-type": "relais.queue.ready", "content-type": "application/json",
        ]
        event.body = Array(#"{"queue":"mail"}"#.utf8)
        let function = Function(queue: { event, _ in
            BatchReply(processed: event.queue == "mail" ? 3 : 0, wake: ["more"])
        })
        let reply = function.answer(.http(event), .call())
        #expect(reply.wake == ["more"])
        guard case .http(let reply) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(String(decoding: reply.body, as: UTF8.self) == #"{"processed":3,"remaining":0}"#)
    }

    @Test("A function with an HTTP handler never accepts them: anybody can post")
    func strangers() {
        let function = Function(
            [.everywhere { _, _ in .text("mine") }],
            queue: { _, _ in BatchReply(processed: 1) }
        )
        let reply = function.answer(post(Self.ready, Self.structured), .call())
        #expect(reply == .http(.text("mine")))
    }

    @Test(
        "An unreadable event is the sender's error",
        arguments: [
            nil, "", "{", "[]", "{}", #"{"specversion":"1.0"}"#,
            #"{"specversion":"0.3","id":"1","source":"/","type":"relais.queue.ready"}"#,
        ]
    )
    func unreadable(_ body: String?) {
        let reply = batch.answer(post(body, Self.structured), .call())
        guard case .http(let reply) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(reply.statusCode == 400)
    }

    @Test(
        "Other requests are a failure",
        arguments: [nil, "application/json", "application/cloudevents-batch+json"]
    )
    func otherTypes(_ contentType: String?) {
        guard case .failure = batch.answer(post(Self.ready, contentType), .call()) else {
            Issue.record("no failure")
            return
        }
    }

    @Test(
        "An event that the function cannot handle is not delivered again",
        arguments: ["com.example.other", "relais.schedule.fired"]
    )
    func wrongEvents(_ type: String) {
        let event = #"{"specversion":"1.0","id":"1","source":"/","type":"\#(type)"}"#
        guard case .http(let reply) = batch.answer(post(event, Self.structured), .call()) else {
            Issue.record("a failure, which brokers repeat")
            return
        }
        #expect(reply.statusCode == 422)
        #expect(String(decoding: reply.body, as: UTF8.self).contains("wrong_event"))
    }

    @Test(
        "An empty POST fires the schedule now",
        arguments: [nil, "", " \r\n", "{}", "{ }"]
    )
    func bareTriggers(_ body: String?) {
        var fired: [ScheduleEvent] = []
        let function = Function(schedule: { event, _ in
            fired.append(event)
            return BatchReply(processed: 5)
        })
        for type in [nil, "application/json", "text/plain"] {
            let reply = function.answer(post(body, type), .call(now: 1234))
            #expect(reply == .http(.json(["processed": 5, "remaining": 0])))
        }
        #expect(fired.map(\.instant) == Array(repeating: Timestamp(milliseconds: 1234), count: 3))
        guard case .failure = function.answer(post(#"{"a":1}"#, "application/json"), .call()) else {
            Issue.record("no failure")
            return
        }
    }
}
