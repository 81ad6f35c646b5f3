import Providers
import SeededRandom
import Testing

@testable import Campaigns
@testable import Messages

struct MessageStatusTests {
    @Test("the order is that of the providers' statuses")
    func agreesWithProviders() {
        for left in DeliveryStatus.allCases {
            for right in DeliveryStatus.allCases where left < right {
                #expect(MessageStatus(left) <= MessageStatus(right))
            }
        }
    }

    @Test("what a provider has is out of our hands, even while it waits there")
    func taken() {
        for status in DeliveryStatus.allCases {
            #expect(MessageStatus(status) >= .accepted)
        }
    }

    @Test("a delivery outweighs a failure, and a failure what came before it")
    func lattice() {
        #expect(MessageStatus.failed < .delivered)
        #expect(MessageStatus.sent < .failed)
        #expect(MessageStatus.unknown < .accepted)
        #expect(MessageStatus.queued < .unknown)
    }
}

struct CampaignStatusTests {
    @Test("an order leads somewhere or makes no sense, as the table says")
    func orders() {
        let expected: [CampaignOrder: [CampaignStatus: CampaignStatus]] = [
            .schedule: [.draft: .scheduled, .scheduled: .scheduled],
            .start: [.draft: .running, .scheduled: .running],
            .pause: [.running: .paused],
            .resume: [.paused: .running],
            .stop: [.scheduled: .stopped, .running: .stopped, .paused: .stopped],
            .retry: [
                .running: .running, .paused: .paused, .completed: .running, .failed: .running,
            ],
            .complete: [.running: .completed],
            .fail: [.draft: .failed, .scheduled: .failed, .running: .failed],
        ]
        for order in CampaignOrder.allCases {
            for status in CampaignStatus.allCases {
                #expect(status.after(order) == expected[order]?[status], "\(status) \(order)")
            }
        }
    }
}

struct CampaignStatisticsTests {
    @Test("the success rate is succeeded out of total, in percent")
    func rate() {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            var counts: [MessageStatus: Int] = [:]
            for status in MessageStatus.allCases {
                counts[status] = Int.random(in: 0...50, using: &random)
            }
            let statistics = CampaignStatistics(counts: counts)
            let succeeded = [MessageStatus.accepted, .sent, .delivered, .read, .played]
                .reduce(0) { $0 + (counts[$1] ?? 0) }
            let total = counts.values.reduce(0, +)
            let exact = Double(succeeded) * 100 / Double(total)
            let rate = statistics.successRate ?? -1
            #expect(rate <= exact && exact < rate + 0.1001, "seed \(seed)")
            #expect((rate == 100) == (succeeded == total), "seed \(seed)")
        }
        #expect(CampaignStatistics(counts: [:]).successRate == nil)
    }
}
