import Campaigns
import Database
import FunctionContract
import Messages
import Testing

/// The outcome of an attempt that comes after its message was parked or put back.
@Suite("Late outcomes", .ownThread)
struct LateOutcomeTests {
    private let stage: ReceiptStage

    init() throws {
        stage = try ReceiptStage()
    }

    /// The message that was parked, or put back, since its sender told nothing.
    private func lost() throws -> ClaimedMessage {
        let message = try stage.claim()
        try stage.go(.parked, message)
        return message
    }

    private func retryOnce() throws {
        _ = try stage.tenant.read("UPDATE relais.campaign SET unknown_policy = 'retry_once'")
    }

    private func waiting() throws -> Int {
        try stage.tenant.count("SELECT FROM relais.outbox")
    }

    @Test("A message that was put back does not go out again once its acceptance is told")
    func putBack() throws {
        try retryOnce()
        let message = try lost()
        #expect(try stage.state().status == "queued")
        try stage.accept(message)
        #expect(try stage.state().status == "accepted")
        #expect(try waiting() == 0)
        #expect(try stage.claims().isEmpty)
    }

    @Test("The same holds after another attempt that did not go out")
    func nextAttempt() throws {
        try retryOnce()
        let message = try lost()
        let second = try stage.claim()
        try stage.record(second, failing: 131000)
        #expect(try waiting() == 1)
        try stage.accept(message)
        #expect(try stage.state().status == "accepted")
        #expect(try waiting() == 0)
    }

    @Test("The same holds when a person put the message back")
    func resent() throws {
        let message = try lost()
        #expect(try stage.state().status == "parked")
        #expect(try stage.tenant.campaigns.resendParked(stage.campaign) == 1)
        try stage.accept(message)
        #expect(try stage.state().status == "accepted")
        #expect(try waiting() == 0)
    }

    @Test("An acceptance does not outweigh a receipt that told of its attempt's failure")
    func failedSince() throws {
        try retryOnce()
        let message = try lost()
        let second = try stage.claim()
        try stage.fail(second, 131000)
        try stage.accept(second)
        #expect(try stage.state().status == "queued")
        #expect(try waiting() == 1)
        try stage.accept(message)
        #expect(try stage.state().status == "queued")
    }

    @Test("A message that did not go out, of a campaign that has ended, failed and can be retried")
    func afterTheEnd() throws {
        let message = try lost()
        #expect(try stage.tenant.campaigns.complete(stage.campaign) == .ended)
        try stage.record(message, failing: 131000)
        let state = try stage.state()
        #expect(state.status == "failed" && state.reason == "131000")
        #expect(state.campaign == "completed")
        #expect(try waiting() == 0)
        #expect(try stage.tenant.campaigns.retryFailed(stage.campaign) == 1)
        #expect(try stage.claim().reference.message == message.reference.message)
    }

    @Test("While its campaign runs, a parked message that did not go out goes again")
    func whileRunning() throws {
        let message = try lost()
        try stage.record(message, failing: 131000)
        try stage.endWaits()
        #expect(try stage.claim().reference.attempt == 2)
    }
}
