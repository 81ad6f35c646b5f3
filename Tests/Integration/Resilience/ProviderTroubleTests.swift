import Campaigns
import Database
import FunctionContract
import Messages
import Testing

/// A campaign through a provider that misbehaves, from its start to its end.
@Suite("A campaign with a failing provider", .ownThread)
struct ProviderTroubleTests {
    @Test("429 holds the channel as long as the provider asks, and counts against no message")
    func tooFast() throws {
        let stage = try CampaignStage(
            contacts: 40,
            rate: 8,
            ["preset": "perfect", "errors": [Self.error(130_429, 429, retryAfter: 100)]]
        )
        _ = try stage.scheduleCampaign()
        try stage.letMinutesPass()
        try stage.runner.waitUntil("a refusal") {
            try stage.heldSeconds > 0 && stage.outbox("state = 'sending'") == 0
        }
        #expect((60...100).contains(try stage.heldSeconds))
        #expect(try stage.outbox("state = 'ready' AND failures = 0") == 40)
        let refused = try stage.provider.received
        #expect(refused < 20)
        try stage.letMinutesPass()
        try stage.provider.change(["errors": []])
        try stage.settle()
        #expect(try stage.provider.received == refused + 40)
        #expect(try expectTruth(stage).statuses(ofStep: 1) == [.delivered: 40])
    }

    @Test(
        "A provider's error is retried after 1, 2 and 4 minutes, then the message fails",
        arguments: [(131_016, 503, 4), (131_000, 500, 3), (2, 503, 4)]
    )
    func retries(_ code: Int, _ status: Int, _ attempts: Int) throws {
        let stage = try CampaignStage(
            contacts: 5,
            rate: 50,
            ["preset": "perfect", "errors": [Self.error(code, status)]]
        )
        _ = try stage.scheduleCampaign()
        for attempt in 1..<attempts {
            try stage.letMinutesPass()
            let seconds = 60 << (attempt - 1)
            try stage.runner.waitUntil("failure \(attempt)") {
                try stage.outbox("failures = \(attempt) AND state = 'ready'") == 5
            }
            let ahead =
                "due_at - now() BETWEEN make_interval(secs => \(seconds - 40))"
                + " AND make_interval(secs => \(seconds))"
            #expect(try stage.outbox(ahead) == 5, "after failure \(attempt)")
            #expect(try stage.provider.received == 5 * attempt)
            try stage.endWaits()
        }
        try stage.settle()
        #expect(try stage.provider.received == 5 * attempts)
        let reckoning = try expectTruth(stage)
        #expect(reckoning.statuses(ofStep: 1) == [.failed: 5])
        let reasons = try stage.count(
            "SELECT FROM relais.message WHERE reason ->> 'code' = '\(code)'"
        )
        #expect(reasons == 5)
    }

    @Test("A failure in a receipt is retried like a failure in an answer")
    func fails() throws {
        let stage = try CampaignStage(
            contacts: 5,
            rate: 50,
            ["preset": "perfect", "receipts": ["failures": [["share": 1, "code": 131_016]]]]
        )
        let campaign = try stage.scheduleCampaign()
        try stage.letMinutesPass()
        for attempt in 1...2 {
            try stage.runner.waitUntil("failure \(attempt)") {
                try stage.outbox("failures = \(attempt) AND state = 'ready'") == 5
            }
            #expect(try stage.provider.received == 5 * attempt)
            if attempt == 2 { try stage.provider.change(["receipts": ["failures": []]]) }
            try stage.endWaits()
            try stage.letMinutesPass()
        }
        try stage.settle()
        #expect(try stage.provider.received == 15)
        #expect(try expectTruth(stage).statuses(ofStep: 1) == [.delivered: 5])
        #expect(try stage.tenant.campaigns.find(campaign)?.status == .running)
    }

    @Test(
        "A send without an answer is settled by receipts, or by the campaign's policy",
        arguments: UnknownPolicy.allCases
    )
    func losesAnswers(_ policy: UnknownPolicy) throws {
        let stage = try CampaignStage(
            contacts: 80,
            rate: 100,
            [
                "preset": "perfect",
                "lost": ["reset": 0.12, "silence": 0.1, "gateway": 0.12, "taken": 0.5],
            ]
        )
        _ = try stage.scheduleCampaign { $0.unknownPolicy = policy }
        try stage.letMinutesPass()
        try stage.settle()
        let before = try expectTruth(stage).statuses(ofStep: 1)
        let requests = try stage.provider.received
        #expect(requests == 80)
        let unknown = before[.unknown] ?? 0
        #expect(unknown > 0 && before[.delivered] == 80 - unknown, "\(before)")

        // Nobody has said anything about them: they are parked, or sent once more.
        try stage.endGrace()
        try stage.settle()
        try stage.endGrace()
        let after = try expectTruth(stage).statuses(ofStep: 1)
        let again = policy == .park ? 0 : unknown
        #expect(try stage.provider.received == requests + again)
        #expect(after[.unknown] == nil)
        #expect((after[.parked] ?? 0) + (after[.delivered] ?? 0) == 80, "\(after)")
        if policy == .park { #expect(after[.parked] == unknown) }
    }

    @Test("With many faults every message is accounted for, and none waits forever")
    func rough() throws {
        let stage = try CampaignStage(
            contacts: 150,
            rate: 50,
            [
                "preset": "rough",
                "receipts": [
                    "read": ["uniform": [0, 2000]], "delivered": ["uniform": [0, 1000]],
                ],
                "replies": ["delay": ["uniform": [0, 2000]]],
                "disorder": ["beforeReplyShare": 0.3, "outOfOrderShare": 0.3],
            ]
        )
        _ = try stage.scheduleCampaign()
        try stage.letMinutesPass()
        try stage.settle()
        let reckoning = try expectTruth(stage)
        #expect(reckoning.statuses(ofStep: 1).values.reduce(0, +) == 150)
        #expect(reckoning.answerers > 10)
    }

    @discardableResult
    private func expectTruth(_ stage: CampaignStage) throws -> Reckoning {
        let reckoning = try Reckoning(stage)
        #expect(reckoning.problems.prefix(20).joined(separator: "\n") == "")
        return reckoning
    }

    private static func error(_ code: Int, _ status: Int, retryAfter: Int? = nil) -> JSON {
        [
            "share": 1, "code": .integer(code), "status": .integer(status),
            "retryAfter": retryAfter.map { .integer($0) } ?? .null,
        ]
    }
}

extension CampaignStage {
    /// Messages that are still to be sent or settled, of those for which `condition` holds.
    fileprivate func outbox(_ condition: String) throws -> Int {
        try count(
            "SELECT FROM relais.outbox JOIN relais.message ON id = message WHERE \(condition)"
        )
    }

    /// How long the channel waits because its provider asked for it.
    fileprivate var heldSeconds: Int {
        get throws {
            try count(
                """
                SELECT generate_series(1, extract(epoch FROM held_until - now())::int)
                FROM relais.channel_state WHERE held_until > now()
                """
            )
        }
    }
}
