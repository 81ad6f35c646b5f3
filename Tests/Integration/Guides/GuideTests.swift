import Accounts
import Campaigns
import Messages
import Providers
import Testing

/// The guides for operators name everything that an operator can see.
@Suite struct GuideTests {
    @Test("Every status and every exclusion reason is listed, with the words on screen")
    func states() throws {
        let guide = try Guide("Sources/Product/Campaigns/README.md").text
        for status in MessageStatus.allCases {
            #expect(guide.contains("| `\(status.rawValue)` | *\(status.french)* |"), "\(status)")
        }
        for status in CampaignStatus.allCases {
            #expect(guide.contains("| `\(status.rawValue)` | *\(status.french)* |"), "\(status)")
        }
        for reason in Exclusion.Reason.allCases {
            #expect(guide.contains("| `\(reason.rawValue)` | *\(reason.french)* |"), "\(reason)")
        }
    }

    @Test("Every preset is listed with its numbers", arguments: PacingProfile.all)
    func presets(_ profile: PacingProfile) throws {
        let guide = try Guide("Sources/Product/Sending/README.md").text
        let line = try #require(
            guide.split(separator: "\n").first { $0.hasPrefix("| `\(profile.name)` |") }
        )
        let pace = Pacing(profile).description
        #expect(line.replacing(",", with: "").contains(pace.replacing(",", with: "")), "\(pace)")
        #expect(
            line.replacing(",", with: "").contains(
                "| \(profile.dailyCap ?? Channel.usualDailyCap) |"
            )
        )
        #expect(line.contains("| 23–06 h |") == (profile.quiet != nil))
    }
}
