import FunctionContract
import Testing

/// What Knative's sources and brokers need of a container with one function.
@Suite("Events that are posted to the only function", .ownThread)
struct RunnerCloudEventTests {
    private static let binary = [
        "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "relais.queue.ready",
        "content-type": "application/json",
    ]
    private static let structured = ["content-type": "application/cloudevents+json"]
    private static let whole = Array(
        #"{"specversion":"1.0","id":"1","source":"/s","type":"relais.queue.ready"}"#.utf8
    )

    private func clerk(_ triggers: String, _ name: String = "clerk") -> SampleFunction {
        .clerk(name, triggers: triggers)
    }

    @Test("In both modes, and the answer is what the function did")
    func delivered() throws {
        let project = try FunctionFolder(clerk(SampleFunction.queue("q")))
        try project.order("clerk", #"{"processed":2,"remaining":1}"#)
        let runner = try Runner(project)
        defer { runner.end() }
        let first = try runner.request(
            "POST",
            "/",
            headers: Self.binary,
            body: Array(#"{"queue":"q"}"#.utf8)
        )
        #expect((first.status, first.text) == (200, #"{"processed":2,"remaining":1}"#))
        #expect(
            try runner.request("POST", "/", headers: Self.structured, body: Self.whole).status
                == 200
        )
        let events = project.events("clerk")
        #expect(events.map { $0["type"] } == ["relais.queue.ready", "relais.queue.ready"])
        #expect(events.first?["data"] == ["queue": "q"])
        #expect(events.first?["deadlinems"]?.integer != nil)
    }

    @Test("What is no event is the sender's error, and a failure is one to try again")
    func refused() throws {
        let project = try FunctionFolder(clerk(SampleFunction.queue("q")))
        try project.order("clerk", #"{"errorType":"Oops","errorMessage":"no luck"}"#)
        let runner = try Runner(project)
        defer { runner.end() }
        #expect(try runner.request("POST", "/", headers: Self.binary).status == 500)
        #expect(try runner.request("POST", "/", body: Self.whole).status == 400)
        let broken = Array("{".utf8)
        #expect(try runner.request("POST", "/", headers: Self.binary, body: broken).status == 400)
        let read = try runner.get("/")
        #expect(read.status == 405)
        #expect(read[header: "allow"] == "OPTIONS, POST")
    }

    @Test("A sender that asks whether it may deliver is told that it may")
    func handshake() throws {
        let runner = try Runner(try FunctionFolder(clerk(SampleFunction.queue("q"))))
        defer { runner.end() }
        let answer = try runner.request(
            "OPTIONS",
            "/",
            headers: ["webhook-request-origin": "events.example", "webhook-request-rate": "120"]
        )
        #expect(answer.status == 200)
        #expect(answer[header: "webhook-allowed-origin"] == "events.example")
        #expect(answer[header: "webhook-allowed-rate"] == "*")
        #expect(answer[header: "allow"] == "POST")
        #expect(try runner.request("OPTIONS", "/").status == 405)
    }

    @Test("Not where a function has routes or others are served too")
    func elsewhere() throws {
        let routed = try Runner(try FunctionFolder(clerk(SampleFunction.route("/a"))))
        defer { routed.end() }
        #expect(try routed.request("POST", "/", headers: Self.binary).status == 404)
        let two = try Runner(
            try FunctionFolder(
                clerk(SampleFunction.queue("q")),
                clerk(SampleFunction.queue("r"), "other")
            )
        )
        defer { two.end() }
        #expect(try two.request("POST", "/", headers: Self.binary).status == 404)
    }
}
