import Accounts
import Database
import FunctionContract
import Providers
import Security
import Testing

@Suite("local-runner keys", .ownThread)
struct KeysCommandTests {
    private static let old = Tenant.masterKeys
    private static let new = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="

    private let project: FunctionFolder
    private let database: MessagingDatabase
    private let first: Tenant
    private let second: Tenant

    init() throws {
        project = try FunctionFolder()
        database = try MessagingDatabase()
        first = try Tenant(in: database)
        second = try Tenant(in: database)
    }

    private func run(_ words: String, keys: String, input: String = "") throws -> CommandRun {
        try CommandRun(
            words.split(separator: " ").map(String.init),
            in: project,
            environment: ["DATABASE_URL": database.url, "RELAIS_MASTER_KEYS": keys],
            input: Array(input.utf8)
        )
    }

    private func id(of keys: String) throws -> String {
        try SealedSecrets(masterKeys: keys).keyIDs[0]
    }

    @Test("A master key can be replaced, and then the old key removed")
    func rotation() throws {
        let both = Self.new + "," + Self.old
        let before = try run("keys list", keys: both).output
        #expect(before.contains("\(try id(of: Self.new))  current  -"))
        #expect(before.contains("\(try id(of: Self.old))  old      channel token    2"))
        #expect(try run("keys verify", keys: both).exit == .code(1))

        let reseal = try run("keys reseal", keys: both)
        #expect(reseal.exit == .code(0))
        #expect(reseal.output == "4 secrets opened, 4 sealed with the current key.\n")
        #expect(
            try run("keys reseal", keys: both).output
                == "4 secrets opened, 0 sealed with the current key.\n"
        )
        let verify = try run("keys verify", keys: Self.new)
        #expect(verify.exit == .code(0))
        #expect(verify.output.hasSuffix("No secret needs any key but the current one.\n"))

        let secrets = try SealedSecrets(masterKeys: Self.new)
        for tenant in [first, second] {
            let channels = Channels(tenant.connection, secrets, as: tenant.identity)
            #expect(try channels.open(tenant.channel.id).access.token == "token")
            let found = try WebhookAddressees(tenant.connection, secrets).find(tenant.channel.id)
            #expect(found?.webhook.secrets.signing == ["secret"])
        }
    }

    @Test("A secret that cannot be opened is reported, and all others are resealed")
    func damaged() throws {
        try database.connectAsOwner().query(
            "UPDATE relais.channel SET access = webhook WHERE id = $1",
            .uuid(first.channel.id)
        )
        let both = Self.new + "," + Self.old
        let reseal = try run("keys reseal", keys: both)
        #expect(reseal.exit == .code(1))
        #expect(reseal.output.contains("The channel token of \(first.channel.id) does not open: "))
        #expect(reseal.output.contains("3 secrets opened, 3 sealed with the current key."))
        let verify = try run("keys verify --json", keys: Self.new)
        #expect(verify.exit == .code(1))
        let json = try JSONParser.parse(Array(verify.output.utf8))
        #expect(json["opened"]?.integer == 3 && json["outdated"]?.integer == 0)
        #expect(json["problems"]?[0]?["id"]?.string == first.channel.id.description)
    }

    @Test("If a key is missing, nothing changes and the list names the key")
    func missing() throws {
        let list = try run("keys list", keys: Self.new)
        #expect(list.exit == .code(0))
        #expect(list.output.contains("\(try id(of: Self.old))  missing  channel token    2"))
        let reseal = try run("keys reseal", keys: Self.new)
        #expect(reseal.exit == .code(1))
        #expect(reseal.output.contains("Put the missing key back into RELAIS_MASTER_KEYS"))
        #expect(try run("keys verify", keys: Self.old).exit == .code(0))
    }

    @Test("Resealing more than one batch can be interrupted and run again")
    func batches() throws {
        let count = SealedColumns.batchLimit + 7
        let secrets = try SealedSecrets(masterKeys: Self.old)
        let channels = Channels(first.connection, secrets, as: first.identity)
        for _ in 2..<count {
            let channel = Channel(
                id: .v7(),
                workspace: first.workspace,
                name: "x",
                provider: .waha,
                baseURL: "http://127.0.0.1:9",
                externalID: UUID.v7().description,
                pacing: first.channel.pacing
            )
            try channels.add(channel, token: "token", webhook: WebhookCredentials())
        }
        // A run that was broken off after one batch.
        let both = try SealedSecrets(masterKeys: Self.new + "," + Self.old)
        let begun = try SealedColumns(first.connection, both).batch(after: nil, resealing: true)
        #expect(begun.resealed == SealedColumns.batchLimit && begun.next != nil)
        let reseal = try run("keys reseal", keys: Self.new + "," + Self.old)
        #expect(
            reseal.output == "\(2 * count) secrets opened,"
                + " \(2 * count - SealedColumns.batchLimit) sealed with the current key.\n"
        )
        #expect(try run("keys verify", keys: Self.new).exit == .code(0))
    }

    @Test("Rotating to the same secret seals it with the current key")
    func sameSecret() throws {
        let both = Self.new + "," + Self.old
        let rotate = try run(
            "channels rotate \(first.channel.id) --secret",
            keys: both,
            input: "secret\n"
        )
        #expect(rotate.exit == .code(0), "\(rotate.complaint)")
        let secrets = try SealedSecrets(masterKeys: Self.new)
        let found = try WebhookAddressees(first.connection, secrets).find(first.channel.id)
        #expect(found?.webhook.secrets.signing == ["secret"])
    }

    @Test("Without keys, or with wrong arguments, it explains its usage")
    func wrongly() throws {
        let unknown = try run("keys rotate", keys: Self.old)
        #expect(unknown.exit == .code(2))
        #expect(unknown.complaint.contains("keys: expected list, reseal or verify"))
        let none = try run("keys verify", keys: "")
        #expect(none.exit == .code(1))
        #expect(none.complaint.contains("RELAIS_MASTER_KEYS"))
        #expect(try run("keys --help", keys: "").output.contains("To rotate:"))
    }
}
