import Campaigns
import Database
import FunctionContract
import Glibc
import Messages
import SeededRandom
import Testing

/// A campaign from its first message to its last receipt, while everything that it goes through is
/// killed again and again.
@Suite(
    "A campaign with crashes",
    .ownThread,
    .enabled(if: PrivateServer.Version.embedded.isInstalled)
)
struct CampaignCrashTests {
    private static let contacts = Load.isFull ? 5_000 : 300
    private static let kills = Load.isFull ? 200 : 12
    /// Messages a second: the sending lasts as long as the killing.
    private static let rate = Load.isFull ? 20 : 40

    /// What is killed in twelve kills, in any order.
    private static let round: [CampaignStage.Target] = [
        .sender, .sender, .sender, .reader, .reader, .receiver, .receiver, .store, .platform,
        .platformAlone, .database, .database,
    ]

    /// People who answer within seconds, receipts twice and in the wrong order.
    private static let scenario: JSON = [
        "preset": "perfect",
        "latency": ["uniform": [5, 60]],
        "receipts": [
            "sent": ["uniform": [0, 300]], "delivered": ["uniform": [0, 700]],
            "read": ["uniform": [0, 1500]], "deliveredShare": 0.95, "readShare": 0.6,
            "failures": [
                ["share": 0.02, "code": 130_472], ["share": 0.05, "code": 131_000],
            ],
        ],
        "replies": [
            "share": 0.4, "delay": ["uniform": [50, 2500]], "stopShare": 0.05,
            "reactionShare": 0.2,
        ],
        "disorder": [
            "duplicateShare": 0.2, "duplicateDelay": ["uniform": [0, 1000]],
            "outOfOrderShare": 0.2, "beforeReplyShare": 0.1,
        ],
        "retries": ["attempts": 200, "first": 100, "factor": 1.5, "longest": 2000],
    ]

    @Test(
        "Whatever is killed, everybody gets each message once, and the records are right",
        arguments: [Load.seed]
    )
    func kills(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let stage = try CampaignStage(
            contacts: Self.contacts,
            rate: Self.rate,
            on: PrivateServer(.embedded),
            Self.scenario
        )
        let campaign = try stage.scheduleCampaign()
        try stage.letMinutesPass()
        let targets = Self.plan(&random)
        for target in targets {
            // Webhooks and sends between two kills; in all, fewer than the campaign brings.
            let pause = Int.random(in: 0...9 * Self.contacts / Self.kills, using: &random)
            try stage.await(pause)
            usleep(UInt32.random(in: 0...30_000, using: &random))
            try stage.runner.waitUntil("\(target) to kill, seed \(seed)") {
                try stage.kill(target, &random)
            }
        }
        try stage.settle()
        let before = try Reckoning(stage)
        let webhooks = try stage.provider.summary()["webhooks"] ?? .null
        print(Self.report(before, targets, webhooks, seed))
        check(before, seed)

        // A person has seen that nobody got what is unknown.
        try stage.endGrace()
        try stage.tenant.campaigns.resendParked(campaign)
        try stage.settle()
        let after = try Reckoning(stage)
        check(after, seed)
        for step in 1...2 {
            let statuses = after.statuses(ofStep: step)
            #expect(statuses[.unknown] == nil && statuses[.parked] == nil, "seed \(seed)")
        }
        let told = try stage.provider.summary()["webhooks"]
        #expect(told?["givenUp"] == 0 && told?["dropped"] == 0, "seed \(seed)")
    }

    private func check(_ reckoning: Reckoning, _ seed: UInt64) {
        let problems = reckoning.problems.prefix(20).joined(separator: "\n")
        #expect(problems == "", "seed \(seed)")
        let first = reckoning.statuses(ofStep: 1).values.reduce(0, +)
        #expect(first == Self.contacts, "seed \(seed)")
        #expect(reckoning.answerers > Self.contacts / 5, "seed \(seed)")
    }

    private static func plan(_ random: inout SeededRandom) -> [CampaignStage.Target] {
        var plan: [CampaignStage.Target] = []
        while plan.count < kills { plan += round.shuffled(using: &random) }
        return Array(plan.prefix(kills))
    }

    private static func report(
        _ reckoning: Reckoning,
        _ targets: [CampaignStage.Target],
        _ webhooks: JSON,
        _ seed: UInt64
    ) -> String {
        let kills = Dictionary(grouping: targets) { $0.rawValue }.mapValues(\.count)
            .sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let steps = [1, 2, 0].map { step in
            let statuses = reckoning.statuses(ofStep: step).sorted { $0.key < $1.key }
            return "step \(step): "
                + statuses.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        return """
            seed \(seed), \(targets.count) kills: \(kills.joined(separator: ", "))
            \(steps.joined(separator: "\n"))
            webhooks \(webhooks["posted"]?.integer ?? 0), tries in vain \
            \(webhooks["failedTries"]?.integer ?? 0)
            answers \(reckoning.answerers), twice \(reckoning.duplicates), \
            problems \(reckoning.problems.count)
            """
    }
}
