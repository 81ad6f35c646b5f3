@testable import Campaigns
@testable import Messages
import Database
@testable import Providers
import SeededRandom
import Testing

/// A failure that a receipt tells of, long after the provider took the message.
@Suite(.ownThread)
struct FailedReceiptTests {
    private let stage: ReceiptStage

    init() throws { stage = try ReceiptStage() }

    @Test("a code asks for the same in a receipt as in an answer")
    func agrees() throws {
        for code in [
            0, 1, 4, 100, 130_429, 130_472, 131_000, 131_016, 131_026, 131_042, 131_047, 131_048,
            131_049, 131_056, 131_057, 132_015, 132_069, 133_004, 133_016,
        ] {
            let (answered, told) = (try ReceiptStage(), try ReceiptStage())
            for stage in [answered, told] {
                try stage.useTemplate()
                let message = try stage.claim()
                if stage === answered {
                    try stage.record(message, failing: code)
                } else {
                    try stage.accept(message)
                    try stage.fail(message, code)
                }
            }
            #expect(try told.state() == answered.state(), "code \(code)")
        }
    }

    @Test("it is tried again after 1, 2 and 4 minutes, then it has failed", arguments: Way.allCases)
    func retries(_ way: Way) throws {
        for wait in [60, 120, 240] {
            let message = try stage.claim()
            try stage.go(way, message)
            for _ in 0..<2 { try stage.fail(message, 131_016) }
            let state = try stage.state()
            #expect(state.status == "queued" && state.wait == wait)
            try stage.endWaits()
        }
        let last = try stage.claim()
        #expect(last.failures == 3 && last.reference.attempt == 4)
        try stage.go(way, last)
        for _ in 0..<2 { try stage.fail(last, 131_016) }
        #expect(try stage.state().status == "failed")
        #expect(try stage.state().reason == "131016")
        #expect(try stage.claims().isEmpty)
    }

    /// How far an attempt had come when its failure was told.
    enum Way: CaseIterable { case inHand, unknown, parked, accepted, sent }

    @Test("what is said late of an attempt that came back touches no other attempt")
    func lateWords() throws {
        let first = try stage.claim()
        try stage.accept(first)
        try stage.fail(first, 131_000)
        for status in [MessageStatus.accepted, .sent] { try stage.tell(status, first) }
        #expect(try stage.state().status == "queued")
        try stage.endWaits()
        let second = try stage.claim()
        try stage.fail(first, 131_000)
        try stage.tell(.sent, first)
        #expect(try stage.state().status == "queued")
        try stage.accept(second)
        try stage.fail(first, 131_000)
        try stage.tell(.sent, first)
        #expect(try stage.state().status == "accepted")
        #expect(try stage.claims().isEmpty)
    }

    @Test("what has arrived after all is not sent again, whoever has it in hand")
    func arrives() throws {
        let first = try stage.claim()
        try stage.accept(first)
        try stage.fail(first, 131_000)
        try stage.endWaits()
        let second = try stage.claim()
        try stage.tell(.delivered, first)
        try stage.record(second, failing: 131_000)
        #expect(try stage.state().status == "delivered")
        try stage.endWaits()
        #expect(try stage.claims().isEmpty)
        try stage.fail(second, 131_000)
        #expect(try stage.state().status == "delivered")
    }

    @Test("a failure that comes before the message is known by name waits for it")
    func orphans() throws {
        let message = try stage.claim()
        try stage.fail(message, 131_000, isNamed: false)
        #expect(try stage.state().status == "queued")
        try stage.accept(message)
        try stage.settle()
        let state = try stage.state()
        #expect(state.status == "queued" && state.wait == 60 && state.reason == "131000")
        try stage.fail(message, 131_000, isNamed: false)
        try stage.settle()
        #expect(try stage.state() == state)
        #expect(try stage.tenant.count("SELECT FROM relais.orphan_status") == 0)
    }

    @Test("a campaign that was done a day ago stays so")
    func oldCampaigns() throws {
        let message = try stage.claim()
        try stage.accept(message)
        try stage.tenant.campaigns.completeFinished()
        _ = try stage.tenant.read(
            "UPDATE relais.campaign SET completed_at = completed_at - interval '1 day'"
        )
        for _ in 0..<2 { try stage.fail(message, 131_000) }
        let state = try stage.state()
        #expect(state.status == "failed" && state.reason == "131000")
        #expect(state.campaign == "completed" && state.wait == nil)
    }

    @Test("a campaign that seemed done goes on; one that was stopped does not")
    func campaigns() throws {
        let message = try stage.claim()
        try stage.accept(message)
        #expect(try stage.tenant.campaigns.completeFinished() == [stage.campaign])
        try stage.fail(message, 131_000)
        #expect(try stage.tenant.campaigns.find(stage.campaign)?.status == .running)
        #expect(try stage.tenant.campaigns.completeFinished().isEmpty)
        try stage.endWaits()
        let second = try stage.claim()
        try stage.accept(second)
        try stage.tenant.campaigns.stop(stage.campaign)
        try stage.fail(second, 131_000)
        #expect(try stage.state().status == "failed")
    }

    @Test("a failure that people retry begins to count anew")
    func countsAnew() throws {
        for _ in 0...Verdict.retryLimit {
            let message = try stage.claim()
            try stage.accept(message)
            try stage.fail(message, 131_016)
            try stage.endWaits()
        }
        #expect(try stage.tenant.campaigns.retryFailed(stage.campaign) == 1)
        let message = try stage.claim()
        #expect(message.failures == 0 && message.reference.attempt == 5)
    }

    @Test("in any order and however often, each attempt comes back once at most")
    func anyOrder() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for place in 0..<15 {
            let stage = try ReceiptStage()
            let fails = Int.random(in: 0...5, using: &random)
            var said: [(ClaimedMessage, MessageStatus)] = []
            var attempts = 0
            while let message = try stage.claims().first {
                attempts += 1
                let news: [(ClaimedMessage, MessageStatus)] =
                    attempts <= fails
                    ? [(message, .sent), (message, .failed)] : [(message, .sent), (message, .read)]
                let isEarly = Bool.random(using: &random)
                if !isEarly { try stage.accept(message) }
                said += news
                let echoes = said.filter { _ in Bool.random(using: &random) }
                for (about, status) in (news + echoes).shuffled(using: &random) {
                    if status == .failed {
                        try stage.fail(about, 131_016)
                    } else {
                        try stage.tell(status, about)
                    }
                }
                if isEarly { try stage.accept(message) }
                try stage.endWaits()
            }
            let clue: Comment = "seed \(seed), place \(place), \(fails) failures"
            #expect(attempts == min(fails, Verdict.retryLimit) + 1, clue)
            let end = fails > Verdict.retryLimit ? "failed" : "read"
            #expect(try stage.state().status == end, clue)
        }
    }
}
