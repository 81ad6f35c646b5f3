import Campaigns
import Database
import FunctionContract
import Messages
import Testing

@Suite(.ownThread)
struct CampaignEffectTests {
    /// What waits for a schedule of every minute is later than this as often as not.
    private static let patience: Duration = .seconds(30)

    @Test("what an operator starts goes out without waiting for a schedule")
    func atOnce() throws {
        let stage = try CampaignStage(contacts: 20, rate: 200, [:])
        let id = try stage.scheduleCampaign()
        try stage.tenant.campaigns.stop(id)
        let desk = try OperatorDesk(stage.database)
        let again = try #require(
            try desk.json("relaunch \(id) --start")["id"]?.string.flatMap { UUID($0) }
        )
        try stage.runner.waitUntil("message of the campaign", within: Self.patience) {
            try stage.tenant.campaigns.statistics(of: again).succeeded >= 20
        }
    }
}
