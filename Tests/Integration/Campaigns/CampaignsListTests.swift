import Accounts
import Campaigns
import Database
import FunctionContract
import Messages
import Testing

@Suite("local-runner campaigns: which one", .ownThread)
struct CampaignsListTests {
    private let desk: OperatorDesk
    private let database: MessagingDatabase
    private let tenant: Tenant

    init() throws {
        database = try MessagingDatabase()
        desk = try OperatorDesk(database)
        tenant = try Tenant(in: database)
    }

    @Test("The list has the latest first, in pages, of all workspaces or of one")
    func pages() throws {
        #expect(try desk.run("list").output == "No campaign.\n")
        let other = try Tenant(in: database)
        var ids: [String] = []
        for place in 0..<60 {
            let owner = place % 3 == 0 ? other : tenant
            ids.append(try owner.draft("n\(place)").description)
        }
        ids.reverse()
        let first = try desk.run("list").output.split(separator: "\n")
        #expect(first.count == 52)
        #expect(first.dropFirst().prefix(50).map { String($0.prefix(36)) } == Array(ids.prefix(50)))
        #expect(first.last == "Older ones: local-runner campaigns list --before \(ids[49])")
        let second = try desk.json("list --before \(ids[49])")
        let last = second["campaigns"]?.array ?? []
        #expect(last.map { $0["id"]?.string } == Array(ids.suffix(10)))
        #expect(second["next"] == .null)
        let own = try desk.json("list --workspace \(other.workspace)")["campaigns"]?.array ?? []
        #expect(own.map { $0["name"]?.string } == (0..<20).reversed().map { "n\($0 * 3)" })
    }

    @Test("The list counts each campaign's messages, and nobody else's")
    func counts() throws {
        let other = try Tenant(in: database)
        try tenant.addContacts(3)
        try other.addContacts(2)
        let (ours, theirs) = (try tenant.start(), try other.start())
        _ = try tenant.read("UPDATE relais.message SET status = 'delivered' WHERE step = 1")
        _ = try other.read(
            """
            UPDATE relais.message SET status = 'failed'
            WHERE id = (SELECT id FROM relais.message LIMIT 1)
            """
        )
        let list = try desk.json("list")["campaigns"]?.array ?? []
        func numbers(_ id: UUID) -> [JSON?] {
            let campaign = list.first { $0["id"]?.string == id.description }
            return ["recipients", "succeeded", "failed", "successRate"].map { campaign?[$0] }
        }
        #expect(numbers(ours) == [3, 3, 0, .number(100)])
        #expect(numbers(theirs) == [2, 0, 1, .number(0)])
    }

    @Test("An order to one workspace's campaign changes nothing in another")
    func isolation() throws {
        let other = try Tenant(in: database)
        for owner in [tenant, other] { try owner.addContacts(2) }
        let (ours, theirs) = (try tenant.start(), try other.start())
        let before = try other.campaigns.find(theirs)
        for order in ["pause", "resume", "stop"] {
            #expect(try desk.run("\(order) \(ours)").exit == .code(0))
        }
        #expect(try tenant.statuses(of: ours) == [.cancelled: 2])
        #expect(try other.campaigns.find(theirs) == before)
        #expect(try other.statuses(of: theirs) == [.queued: 2])
        let shown = try desk.json("show \(theirs)")
        #expect(shown["workspace"]?.string == other.workspace.description)
    }

    @Test("Who is not named clearly is not guessed")
    func unclear() throws {
        let hint = "see `local-runner campaigns list`"
        for order in ["show", "start", "retry", "resend", "relaunch", "release"] {
            try desk.expectRefusal("\(order) Nobody", "there is no campaign Nobody: \(hint)")
        }
        let unknown = UUID.v7()
        try desk.expectRefusal("pause \(unknown)", "there is no campaign \(unknown): \(hint)")
        let other = try Tenant(in: database)
        let ids = [try tenant.draft("Soldes"), try other.draft("Soldes")]
        let clash = "2 campaigns are called Soldes: use the id, from `local-runner campaigns list`"
        for order in ["show", "start", "stop"] { try desk.expectRefusal("\(order) Soldes", clash) }
        for id in ids { #expect(try desk.json("show \(id)")["id"]?.string == id.description) }
        try desk.expectRefusal("list --before x", "\"x\" is no campaign's id")
        try desk.expectRefusal(
            "list --workspace x",
            "there is no workspace x: see `local-runner wo"
        )
    }

    @Test("Names with any characters are found")
    func names() throws {
        for name in ["Fêtes/été?&=%20", "100%", "«2»"] {
            try tenant.draft(name)
            #expect(try desk.json("show \(name)")["name"]?.string == name)
        }
    }

    @Test("What the rules forbid is refused, and the sentence says what can be done")
    func refused() throws {
        let id = try tenant.draft("A")
        for order in ["pause", "resume", "stop", "retry"] {
            try desk.expectRefusal(
                "\(order) A",
                "a campaign that is draft cannot \(order); it can schedule, start"
            )
        }
        try desk.expectRefusal(
            "start A",
            "nobody is left in the audience: no contact matches; add contacts to its categories"
        )
        try desk.expectRefusal(
            "schedule A --at 2020-01-01T00:00:00Z",
            "the time to start is in the past; give a later one, or `local-runner campaigns start"
        )
        try tenant.addContacts(1)
        #expect(try desk.run("start A").exit == .code(0))
        try desk.expectRefusal(
            "start A",
            "a campaign that is running cannot start; it can pause, stop"
        )
        #expect(try desk.run("stop A").exit == .code(0))
        try desk.expectRefusal(
            "resume A",
            "a campaign that is stopped cannot resume; `local-runner campaigns relaunch \(id)`"
        )
    }

    @Test(
        "Says what is wrong with the command line",
        arguments: [
            ("", "campaigns: list, show, start, schedule, pause, resume, stop, retry, resend, lea"),
            ("fly", "campaigns: expected one of list, show, start, schedule, pause, resume, stop"),
            ("show", "campaigns: the campaign is missing"),
            ("list A", #"campaigns list: unexpected "A""#),
            ("list --yes", "campaigns list takes no --yes"),
            ("start A --at 2026-03-12T19:00:00Z", "campaigns start takes no --at"),
            ("leave A --yes", "campaigns leave takes no --yes"),
            ("schedule A", "campaigns schedule: give --at"),
            ("schedule A --at tomorrow", "campaigns schedule: --at: expected a time such as 2026"),
            ("schedule A --at 2026-03-12T19:00", "campaigns schedule: --at: expected a time such"),
        ]
    )
    func wronglyCalled(_ words: String, _ sentence: String) throws {
        try desk.expectRefusal(words, sentence, code: 2)
    }

    @Test("Without a database it says what is missing")
    func missing() throws {
        let run = try desk.run("list", database: "")
        #expect(run.exit == .code(2))
        #expect(run.complaint.contains("DATABASE_URL is not set"))
    }
}

extension Tenant {
    /// A campaign to everybody with the tag, not started.
    @discardableResult
    func draft(_ name: String) throws -> UUID {
        var campaign = Campaign(channel: channel.id, name: name, .text("Bonjour"))
        campaign.tags = ["vip"]
        try campaigns.add(campaign)
        return campaign.id
    }
}
