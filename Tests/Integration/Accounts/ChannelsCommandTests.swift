import Accounts
import Database
import FunctionContract
import Providers
import Security
import Testing

@Suite("local-runner channels and workspaces", .ownThread)
struct ChannelsCommandTests {
    private let project: FunctionFolder
    private let database: PlatformDatabase

    init() throws {
        project = try FunctionFolder()
        database = try PlatformDatabase()
    }

    private func run(
        _ words: String,
        input: String = "",
        _ environment: [String: String] = [:]
    ) throws -> CommandRun {
        let own = [
            "DATABASE_URL": database.url, "RELAIS_MASTER_KEYS": Tenant.masterKeys,
            "RELAIS_ALLOWED_NETWORKS": "127.0.0.0/8",
            "RELAIS_PUBLIC_URL": "https://relais.example/",
        ]
        return try CommandRun(
            words.split(separator: " ").map(String.init),
            in: project,
            environment: own.merging(environment) { _, given in given },
            input: Array(input.utf8)
        )
    }

    private func json(_ words: String, input: String = "") throws -> JSON {
        let run = try run(words + " --json", input: input)
        #expect(run.exit == .code(0), "\(run.complaint)")
        return try JSONParser.parse(Array(run.output.utf8))
    }

    private func credentials(_ channel: JSON) throws -> WebhookCredentials {
        let id = try #require(channel["id"]?.string.flatMap { UUID($0) })
        let secrets = try SealedSecrets(masterKeys: Tenant.masterKeys)
        return try #require(try WebhookAddressees(database.connect(), secrets).find(id)).webhook
    }

    private func token(_ channel: JSON) throws -> String {
        let id = try #require(channel["id"]?.string.flatMap { UUID($0) })
        let workspace = try #require(channel["workspace"]?.string.flatMap { UUID($0) })
        let secrets = try SealedSecrets(masterKeys: Tenant.masterKeys)
        return try Channels(database.connect(), secrets, as: .service(workspace)).open(id)
            .access.token
    }

    @Test(
        "An unsafe URL is refused at once, with the reason",
        arguments: [
            ("http://169.254.169.254", "its address is not a public one"),
            ("https://10.0.0.1", "RELAIS_ALLOWED_NETWORKS"),
            ("http://waha.example.org", "plain http goes only to networks"),
            ("https://user:pw@waha.example.org", "it holds a user or a password"),
            ("https://waha.example.org/#", "it holds a ? or a #"),
            ("https://waha.example.org/?x=", "it holds a ? or a #"),
            ("file:///etc/passwd", "it does not begin with https://"),
            ("javascript:1", "it does not begin with https://"),
            ("https://waha.example.org:22", "its port is none that a gateway has"),
            ("https://127.1", "its host is neither a name nor an address"),
        ]
    )
    func hostileURLs(_ url: String, _ reason: String) throws {
        #expect(try run("workspaces add W").exit == .code(0))
        let run = try run(
            "channels add waha --id default --url \(url)",
            input: "token\n",
            ["RELAIS_ALLOWED_NETWORKS": ""]
        )
        #expect(run.exit == .code(1))
        #expect(run.complaint.contains("--url \(url) cannot be used: "))
        #expect(run.complaint.contains(reason))
        #expect(try self.run("channels list").output.hasPrefix("No channel yet"))
    }

    @Test("A number at Meta is connected, shown, changed, paused and resumed")
    func journey() throws {
        #expect(try run("workspaces list").output == "No workspace yet.\n")
        #expect(try run("channels list").output.hasPrefix("No channel yet"))
        #expect(try run("workspaces add Karité --timezone Africa/Lome").exit == .code(0))
        let added = try run(
            "channels add meta --id 106540352242922 --account 419561257915477 --name Boutique",
            input: "EAAtoken\napp-secret\n"
        )
        #expect(added.exit == .code(0), "\(added.complaint)")
        let channel = try json("channels show Boutique")
        let id = try #require(channel["id"]?.string)
        let verify = try #require(channel["webhook"]?["verifyToken"]?.string)
        #expect(
            channel["webhook"]?["url"]?.string == "https://relais.example/webhooks/meta/\(id)"
        )
        for words in [id, verify, "https://relais.example/webhooks/meta/", "Africa/Lome"] {
            #expect(added.output.contains(words))
        }
        #expect(channel["pacing"] == "80 a second")
        #expect(channel["url"] == "https://graph.facebook.com")
        #expect(try token(channel) == "EAAtoken")
        #expect(try credentials(channel).secrets.signing == ["app-secret"])
        let list = try run("channels list").output.split(separator: "\n")
        #expect(list.count == 2 && list[1].hasPrefix(id) && list[1].hasSuffix("1000   Karité"))
        #expect(try run("channels pause Boutique").exit == .code(0))
        #expect(try json("channels show \(id)")["status"] == "paused")
        #expect(try run("channels resume \(id)").exit == .code(0))
        let set = try json(
            "channels set Boutique --pacing prudent --daily-cap 40 --quiet 22:00-07:00"
        )
        #expect(set["status"] == "active")
        #expect(set["pacing"] == "one every 2.4 s")
        #expect(set["dailyCap"] == 40)
        #expect(set["quiet"] == "22:00-07:00")
        #expect(try json("channels set Boutique --quiet none")["quiet"] == .null)
        #expect(set["marketingAPI"] == false)
        #expect(try json("channels set Boutique --marketing-api on")["marketingAPI"] == true)
        #expect(try json("channels set Boutique --daily-cap 50")["marketingAPI"] == true)
    }

    @Test("Lists each provider's terms and its presets")
    func providers() throws {
        let listed = try json("channels providers")["providers"]?.array ?? []
        #expect(listed.compactMap { $0["name"]?.string } == Provider.allCases.map(\.rawValue))
        let output = try run("channels providers").output
        for provider in Provider.allCases {
            #expect(output.contains(provider.rawValue + "\n"))
            #expect(output.contains(provider.words.id) && output.contains(provider.words.token))
        }
        #expect(output.contains(PacingProfile.all.map(\.name).joined(separator: ", ")))
    }

    @Test("Secrets are never printed and never arguments", arguments: Provider.allCases)
    func secretsAreSilent(_ provider: Provider) throws {
        #expect(try run("workspaces add W").exit == .code(0))
        let place =
            (provider.publicBaseURL == nil ? " --url http://127.0.0.1:3000" : "")
            + (provider.needsAccount ? " --account AC1" : "")
        let added = try run(
            "channels add \(provider.rawValue) --id one\(place)",
            ["RELAIS_CHANNEL_TOKEN": "hush-token", "RELAIS_CHANNEL_SECRET": "hush-secret"]
        )
        #expect(added.exit == .code(0), "\(added.complaint)")
        let id = try #require(try json("channels list")[0]?["id"]?.string)
        for run in [added, try run("channels show \(id)"), try run("channels show \(id) --json")] {
            #expect(!run.output.contains("hush") && !run.complaint.contains("hush"))
        }
        let channel = try json("channels show \(id)")
        #expect(try token(channel) == "hush-token")
        #expect(try credentials(channel).secrets.signing == ["hush-secret"])
        let url = try #require(channel["webhook"]?["url"]?.string)
        let addresses = try credentials(channel).secrets.address
        #expect(url.hasSuffix(id + (addresses.first.map { "?secret=" + $0 } ?? "")))
        #expect(addresses.isEmpty == provider.proof.isSignature)
    }

    @Test("The reason why a channel does not send is shown")
    func trouble() throws {
        #expect(try run("workspaces add W").exit == .code(0))
        let id = try json("channels add meta --id 1 --name A", input: "t\ns\n")["id"]?.string ?? ""
        let reason = #"{"code": "190", "detail": "expired", "fr": "Le jeton a expiré."}"#
        try database.query(
            "UPDATE relais.channel SET status = 'paused', reason = $1",
            .json(reason)
        )
        try database.query(
            "UPDATE relais.channel SET messaging_limit = 'TIER_2K', warning = $1",
            .json(reason)
        )
        try database.query(
            "UPDATE relais.channel_state SET held_until = 'tomorrow', held_reason = $1",
            .json(reason)
        )
        try database.query(
            """
            INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body,
                state)
            SELECT gen_random_uuid(), workspace, id, provider, state, '', state
            FROM relais.channel, unnest(ARRAY['failed', 'received']) AS state
            """
        )
        let shown = try run("channels show \(id)").output
        #expect(shown.hasPrefix("A  meta, paused\n"))
        for line in [
            "limit           TIER_2K\n", "warning         [190] Le jeton a expiré. (expired)\n",
            "not read        1 webhooks\n", "paused          [190] Le jeton a expiré. (expired)\n",
            "Z. [190] Le jeton a expiré. (expired)\n",
        ] {
            #expect(shown.contains(line), "\(shown)")
        }
        #expect(!shown.contains("none yet"))
        #expect(try run("channels resume A").exit == .code(0))
        let resumed = try json("channels show A")
        #expect(resumed["status"] == "active")
        #expect(resumed["standing"]?["reason"] == .null)
        #expect(resumed["standing"]?["heldUntil"] == .null)
        try database.query("UPDATE relais.channel_state SET held_until = 'tomorrow'")
        #expect(try run("channels show A").output.contains("\n  next message    "))
    }

    @Test("After a rotation the old secret stays valid until it is retired")
    func rotation() throws {
        #expect(try run("workspaces add W").exit == .code(0))
        let channel = try json("channels add meta --id 1 --name A", input: "t1\ns1\n")
        let first = try credentials(channel)
        #expect(try run("channels rotate A --token --secret", input: "t2\ns2\n").exit == .code(0))
        #expect(try run("channels rotate A --ours").exit == .code(0))
        #expect(try token(channel) == "t2")
        let both = try credentials(channel)
        #expect(both.secrets.signing == ["s2", "s1"])
        #expect(both.verifyTokens.count == 2 && both.verifyTokens[1] == first.verifyTokens[0])
        let shown = try json("channels show A")
        #expect(shown["webhook"]?["verifyToken"]?.string == both.verifyTokens[0])
        #expect(try run("channels rotate A --retire").exit == .code(0))
        let last = try credentials(channel)
        #expect(last.secrets.signing == ["s2"])
        #expect(last.verifyTokens == [both.verifyTokens[0]])
    }

    @Test("A signing provider without its secret is shown with a warning: webhooks are refused")
    func secretLater() throws {
        #expect(try run("workspaces add W").exit == .code(0))
        let added = try run("channels add respondio --id 5 --name R", input: "token\n")
        #expect(added.output.contains("signing secret  none"))
        #expect(added.output.contains("Webhooks are refused until"))
        let rotated = try run("channels rotate R --secret", input: "key\n")
        #expect(!rotated.output.contains("refused"))
    }

    @Test(
        "Explains a wrong command line",
        arguments: [
            ("channels", "channels: list, add, show, set, rotate, pause, resume, providers is"),
            ("channels fly", "channels: expected one of list, add, show, set, rotate, pause, "),
            ("channels add", "channels: the provider is missing"),
            ("channels add telegram", "channels: expected one of meta, respondio, wassenger, waha"),
            ("channels add meta", "channels add: --id: the phone number id, from API Setup"),
            ("channels add meta --id 1", "channels add: the token is missing: set RELAIS_CHANNEL"),
            ("channels add meta --id 1 --secret", "channels add takes no --secret"),
            ("channels add meta --id 1 --daily-cap x", "channels: --daily-cap: expected a number"),
            ("channels pause A --pacing meta", "channels pause takes no --pacing"),
            ("channels rotate A", "channels rotate: give --token, --secret, --ours or --retire"),
            ("channels rotate A --token", "channels rotate: the token is missing: set RELAIS_"),
            ("channels set A", "channels set: nothing to set; give --pacing, --daily-cap"),
            ("channels show", "channels: the channel is missing"),
            ("workspaces fly", #"workspaces: expected list or add, found "fly""#),
            ("workspaces add", "workspaces: the name is missing"),
        ]
    )
    func wronglyCalled(_ words: String, _ sentence: String) throws {
        let run = try run(words)
        #expect(run.exit == .code(2))
        #expect(run.complaint.hasPrefix("local-runner: " + sentence), "\(run.complaint)")
        #expect(run.output.isEmpty)
    }

    @Test("Explains a refused action and its remedy")
    func refused() throws {
        try expectRefusal("channels show A", "there is no channel A: see `local-runner channels")
        let meta = "channels add meta --id 1 --name A"
        try expectRefusal(meta, "there is no workspace yet: make one with `local-runner workspa")
        try expectRefusal(
            "workspaces add W --timezone Africa/Lomé",
            "no time zone is called Africa/Lomé; one is Africa/Lome"
        )
        #expect(try run("workspaces add W").exit == .code(0))
        try expectRefusal(meta + " --workspace V", "there is no workspace V: see `local-runner")
        try expectRefusal(meta + " --pacing fast", "there is no pacing fast; there are meta, ")
        try expectRefusal(meta + " --quiet night", "quiet hours are written 23:00-06:00, or none")
        try expectRefusal("channels add waha --id 1", "waha runs where you run it: say where with")
        try expectRefusal("channels add twilio --id +1", "twilio needs --account: the Account SID")
        #expect(try run(meta, input: "t\n").exit == .code(0))
        try expectRefusal(meta, "meta 1 is a channel already: see `local-runner channels list`")
        #expect(try run("channels add meta --id 2 --name A", input: "t\n").exit == .code(0))
        try expectRefusal("channels pause A", "2 channels are called A: use the id, from")
        #expect(try run("workspaces add W").exit == .code(0))
        try expectRefusal(meta, "there are 2 workspaces: choose one with --workspace")
        try expectRefusal(meta + " --workspace W", "2 workspaces are called W: use the id")
    }

    @Test("Without a database or the sealing key, it names the missing setting")
    func missing() throws {
        #expect(try run("workspaces add W").exit == .code(0))
        #expect(try run("channels add meta --id 1 --name A", input: "t\n").exit == .code(0))
        try expectRefusal(
            "channels show A",
            "RELAIS_MASTER_KEYS: there is no master key",
            ["RELAIS_MASTER_KEYS": ""]
        )
        try expectRefusal(
            "channels show A",
            "sealed with a master key that is not in the list",
            ["RELAIS_MASTER_KEYS": InboundDatabase.masterKey]
        )
        let unset = try run("channels list", ["DATABASE_URL": ""])
        #expect(unset.exit == .code(2))
        #expect(unset.complaint.contains("DATABASE_URL is not set"))
    }

    private func expectRefusal(
        _ words: String,
        _ sentence: String,
        _ environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try run(words, input: "t\n", environment)
        #expect(run.exit == .code(1), sourceLocation: sourceLocation)
        #expect(
            run.complaint.hasPrefix("local-runner: " + sentence),
            "\(run.complaint)",
            sourceLocation: sourceLocation
        )
    }
}
