import FunctionContract
import NumberChecks
import Providers
import Testing

@Suite("Verdicts from answers about a number", .timeLimit(.minutes(60)))
struct CheckVerdictTests {
    private func verdict(_ result: TransportResult) -> CheckVerdict {
        CheckVerdict(result, from: .wassenger, now: Timestamp(milliseconds: 0))
    }

    private func reply(_ status: Int, _ body: String) -> CheckVerdict {
        verdict(.reply(ProviderReply(status: status, body: Array(body.utf8))))
    }

    @Test func yes() {
        let there = reply(200, #"{"exists":true,"wid":"22990000001@c.us"}"#)
        #expect(there == .present([ContactIdentity(.waID, "22990000001")]))
    }

    @Test func no() {
        #expect(reply(404, #"{"exists":false}"#) == .absent)
        #expect(reply(200, #"{"exists":false}"#) == .absent)
    }

    @Test(
        "Every other answer says nothing about the number",
        arguments: [
            (404, "{}"), (200, "{}"), (200, "?"), (500, ""), (502, ""), (429, ""), (400, ""),
        ]
    )
    func unsure(_ status: Int, _ body: String) {
        guard case .unsure = reply(status, body) else {
            Issue.record("\(status) \(body)")
            return
        }
    }

    @Test func silence() {
        for result in [TransportResult.lost("timeout"), .notSent("refused")] {
            guard case .unsure = verdict(result) else {
                Issue.record("\(result)")
                continue
            }
        }
    }

    @Test func whatIsWrongWithTheChannelHoldsIt() {
        for status in [429, 401, 403] {
            guard case .unsure(_, .some) = reply(status, "{}") else {
                Issue.record("\(status)")
                continue
            }
        }
        guard case .unsure(_, nil) = reply(400, "{}") else {
            Issue.record("400 is about the number")
            return
        }
    }

    @Test func pausesGrowToADay() {
        #expect(CheckVerdict.pause(afterFailures: 0) == .seconds(300))
        #expect(CheckVerdict.pause(afterFailures: 1) == .seconds(1200))
        #expect(CheckVerdict.pause(afterFailures: 100) == .seconds(86_400))
    }
}
