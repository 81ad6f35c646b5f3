import FunctionContract
import Testing

@testable import FunctionRuntime

@Suite("Deadlines and the log of a call")
struct ContextTests {
    @Test(
        "The remaining time is never negative and never overflows",
        arguments: [
            (1000, 5000, 4000), (5000, 5000, 0), (5001, 5000, 0), (0, Int64.max, Int64.max / 1000),
            (1, Int64.max, Int64.max / 1000 - 1), (1000, Int64.min, 0), (Int64.max, Int64.min, 0),
        ] as [(Int64, Int64, Int64)]
    )
    func remaining(_ now: Int64, _ deadline: Int64, _ left: Int64) {
        #expect(Context.call(now: now, deadline: deadline).remaining == .milliseconds(left))
    }

    private func deadline(of event: HTTPEvent, _ call: HostCall) -> Int64? {
        var seen: Int64?
        let function = Function([
            .everywhere { _, context in
                seen = context.deadline.milliseconds
                return .text("")
            }
        ])
        _ = Self.process().answer(.http(event), with: function, call: call)
        return seen
    }

    private static func process(_ log: Log = Log(write: { _ in })) -> FunctionProcess {
        FunctionProcess(
            name: "f",
            environment: Environment([:]),
            timeLimit: .seconds(60),
            log: log,
            clock: { Timestamp(milliseconds: 10) }
        )
    }

    @Test("The host's deadline has precedence, then the event's, then the manifest's")
    func deadlines() {
        var event = HTTPEvent()
        #expect(deadline(of: event, HostCall()) == 59_010)
        event.deadline = Timestamp(milliseconds: 70_010)
        #expect(deadline(of: event, HostCall()) == 69_010)
        let host = HostCall(deadline: Timestamp(milliseconds: 80_010))
        #expect(deadline(of: event, host) == 79_010)
    }

    @Test(
        "A function stops before its host does: by a tenth of the time, at most a second",
        arguments: [
            (3010, 2710), (1510, 1360), (20, 19), (10, 10), (5, 5), (-70, -70),
            (Int64.max, Int64.max / 1000 - 1000), (Int64.min, -Int64.max / 1000),
        ] as [(Int64, Int64)]
    )
    func margin(_ end: Int64, _ deadline: Int64) {
        let call = HostCall(deadline: Timestamp(milliseconds: end))
        #expect(self.deadline(of: HTTPEvent(), call) == deadline)
    }

    @Test("The log of a call names the function, the request and the traces")
    func fields() throws {
        let recorded = RecordedLog()
        let function = Function([
            .everywhere { _, context in
                context.log.info("here")
                return .text(context.requestID)
            }
        ])
        var event = HTTPEvent()
        event.requestContext.requestId = "from-the-event"
        event.headers["traceparent"] = "00-ab-cd-01"
        let process = Self.process(recorded.log())
        _ = process.answer(.http(event), with: function, call: HostCall(traceID: "Root=1"))
        _ = process.answer(.http(event), with: function, call: HostCall(requestID: "host"))
        let entries = try recorded.entries()
        #expect(entries.map { $0["requestId"] } == ["from-the-event", "host"])
        #expect(entries.map { $0["traceId"] } == ["Root=1", nil])
        #expect(entries.allSatisfy { $0["function"] == "f" && $0["traceparent"] == "00-ab-cd-01" })
    }

    @Test(
        "Invalid bytes become a failure with the request id in the log",
        arguments: ["", "nonsense", "[]", #"{"body":1}"#, #"{"specversion":"1.0"}"#]
    )
    func malformed(_ text: String) throws {
        let recorded = RecordedLog()
        let process = Self.process(recorded.log())
        let call = HostCall(requestID: "r-9")
        let reply = process.answer(Array(text.utf8), with: Function(), call: call)
        guard case .failure(let failure) = reply else {
            Issue.record("no failure")
            return
        }
        #expect(failure.type == "MalformedEvent")
        #expect(!failure.message.isEmpty)
        let entry = try #require(try recorded.entries().first)
        #expect(entry["requestId"] == "r-9")
        #expect(entry["message"]?.string?.contains(failure.message) == true)
    }
}
