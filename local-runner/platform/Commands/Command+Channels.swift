import FunctionContract
import FunctionRuntime

extension Command {
    static let channels = Command(
        name: "channels",
        summary: "Connect numbers at providers; look at them, change, pause and resume them.",
        operands: ["<action>", "[provider|channel]"],
        options: [
            .init("id", "id", "add: the provider's id of the number, device, session or instance"),
            .init("name", "text", "add, set: what people call the channel"),
            .init("workspace", "name|id", "add: whose it is [the only workspace]"),
            .init("account", "id", "add: Meta's WhatsApp Business Account, Twilio's Account SID"),
            .init("phone", "number", "add: the number, for people"),
            .init("url", "address", "add: where the API is; needed for waha and evolution"),
            .init("api-version", "version", "add: of Meta's API [v26.0]"),
            .init("pacing", "preset", "add, set: how fast it sends, see below [the provider's]"),
            .init("daily-cap", "number", "add, set: messages a day [the preset's]"),
            .init("quiet", "hours", "add, set: such as 23:00-06:00, or none [the preset's]"),
            .init("timezone", "name", "add, set: for days and hours [the workspace's]"),
            .init("marketing-api", "on|off", "add, set: Meta's API for marketing templates [off]"),
            .init("token", nil, "rotate: what Relais calls the provider with; replaced at once"),
            .init("secret", nil, "rotate: what webhooks are signed with; the old one holds, too"),
            .init("ours", nil, "rotate: verify token or address; the old one holds, too"),
            .init("retire", nil, "rotate: from now on only the newest of each holds"),
            .json, .binaries,
        ],
        notes: """
            Actions: list, add, show, set, rotate, pause, resume, providers.

            `channels providers` lists the providers, what each calls its things, and the presets.
            A channel is called by its id or its name.

            Secrets are never arguments. They come from RELAIS_CHANNEL_TOKEN and
            RELAIS_CHANNEL_SECRET, else they are asked for on the terminal without being shown,
            else they are the lines of stdin, in this order. They are sealed under
            RELAIS_MASTER_KEYS before they are stored, and never printed.

            RELAIS_PUBLIC_URL is where providers reach this platform: webhook addresses start with
            it.
            """
    ) { arguments, environment in
        let desk = ChannelDesk(arguments, environment)
        switch try arguments.operand(0, channelActions.joined(separator: ", ")) {
        case "list": try desk.list()
        case "add": try desk.add()
        case "show": try desk.show()
        case "set": try desk.set()
        case "rotate": try desk.rotate()
        case "pause": try desk.pause()
        case "resume": try desk.resume()
        case "providers": try desk.providers()
        case let other:
            let known = channelActions.joined(separator: ", ")
            throw UsageError("channels: expected one of \(known), found \"\(other)\"")
        }
        return 0
    }

    private static let channelActions = [
        "list", "add", "show", "set", "rotate", "pause", "resume", "providers",
    ]
}

/// The actions of the command `channels`, one function for each.
struct ChannelDesk {
    private let arguments: Arguments
    private let environment: Environment
    private let store: StoreClient

    init(_ arguments: Arguments, _ environment: Environment) {
        self.arguments = arguments
        self.environment = environment
        store = StoreClient(arguments, environment)
    }

    func list() throws {
        try arguments.allow([], in: "channels list")
        let channels = try ask("GET", "/channels")["channels"]?.array ?? []
        if arguments.has("json") { return try print(JSON.array(channels).text + "\n") }
        if channels.isEmpty {
            return try print("No channel yet: `local-runner channels add --help` tells how.\n")
        }
        var table = Table(["CHANNEL", "NAME", "PROVIDER", "ITS ID", "STATUS", "A DAY", "WORKSPACE"])
        for channel in channels {
            let columns = ["id", "name", "provider", "externalID", "status", "dailyCap"]
            table.add((columns + ["workspaceName"]).map { channel.words($0) ?? "" })
        }
        try print(table.text)
    }

    func add() throws {
        try arguments.allow(
            Self.settings + ["id", "workspace", "account", "phone", "url", "api-version"],
            in: "channels add"
        )
        let provider = try arguments.operand(1, "the provider")
        let known = try ask("GET", "/providers")["providers"]?.array ?? []
        guard let words = known.first(where: { $0["name"]?.string == provider }) else {
            let names = known.compactMap { $0["name"]?.string }.joined(separator: ", ")
            throw UsageError("channels: expected one of \(names), found \"\(provider)\"")
        }
        guard arguments["id"] != nil else {
            throw UsageError("channels add: --id: \(words.words("id") ?? "")")
        }
        var body = try settings()
        body["provider"] = .string(provider)
        for (option, member) in [
            ("id", "externalID"), ("workspace", "workspace"), ("account", "accountID"),
            ("phone", "phone"), ("url", "url"), ("api-version", "apiVersion"),
        ] {
            body[member] = arguments[option].map { .string($0) }
        }
        var secrets = SecretInput(environment)
        let token = try secrets.read(.token, words.words("token") ?? "")
        guard let token else { throw UsageError("channels add: \(SecretInput.missing(.token))") }
        body["token"] = .string(token)
        body["secret"] = try secrets.read(.secret, words.words("secret") ?? "").map { .string($0) }
        try describe(try ask("POST", "/channels", .object(body)))
    }

    func show() throws {
        try arguments.allow([], in: "channels show")
        try describe(try ask("GET", "/channels/\(channel())"))
    }

    func set() throws {
        try arguments.allow(Self.settings, in: "channels set")
        let body = try settings()
        guard !body.members.isEmpty else {
            throw UsageError("channels set: nothing to set; give --pacing, --daily-cap, --quiet …")
        }
        try describe(try ask("POST", "/channels/\(channel())/set", .object(body)))
    }

    func rotate() throws {
        let switches = ["token", "secret", "ours", "retire"]
        try arguments.allow(switches, in: "channels rotate")
        guard switches.contains(where: arguments.has) else {
            throw UsageError("channels rotate: give --token, --secret, --ours or --retire")
        }
        let channel = try channel()
        var body = JSONObject()
        var secrets = SecretInput(environment)
        for kind in SecretInput.Kind.allCases where arguments.has(kind.rawValue) {
            guard let secret = try secrets.read(kind, "The new \(kind.rawValue)") else {
                throw UsageError("channels rotate: \(SecretInput.missing(kind))")
            }
            body[kind.rawValue] = .string(secret)
        }
        body["ours"] = .bool(arguments.has("ours"))
        body["retire"] = .bool(arguments.has("retire"))
        try describe(try ask("POST", "/channels/\(channel)/rotate", .object(body)))
    }

    func pause() throws {
        try arguments.allow([], in: "channels pause")
        let name = try ask("POST", "/channels/\(channel())/pause")["name"]?.string ?? ""
        try print("\(name) is paused: nothing more goes out, and the queue is kept.\n")
    }

    func resume() throws {
        try arguments.allow([], in: "channels resume")
        let name = try ask("POST", "/channels/\(channel())/resume")["name"]?.string ?? ""
        try print("\(name) is active: what waits goes out within a minute.\n")
    }

    func providers() throws {
        try arguments.allow([], in: "channels providers")
        let answer = try ask("GET", "/providers")
        if arguments.has("json") { return try print(answer.text + "\n") }
        for provider in answer["providers"]?.array ?? [] {
            let rows = [
                ("--id", "id"), ("--account", "account"), ("--url", "url"), ("token", "token"),
                ("secret", "secret"), ("--pacing", "pacing"),
            ].compactMap { label, member in provider.words(member).map { (label, $0) } }
            try print((provider.words("name") ?? "") + "\n" + Command.columns(rows) + "\n")
        }
        let presets = answer["pacing"]?.array?.compactMap(\.string) ?? []
        try print("Presets for --pacing: \(presets.joined(separator: ", ")).\n")
    }

    private static let settings = [
        "name", "pacing", "daily-cap", "quiet", "timezone", "marketing-api",
    ]

    private func settings() throws(UsageError) -> JSONObject {
        var body = JSONObject()
        for option in ["name", "pacing", "quiet", "timezone"] {
            body[option] = arguments[option].map { .string($0) }
        }
        body["marketingAPI"] = arguments["marketing-api"].map { .string($0) }
        body["dailyCap"] = try arguments.number("daily-cap", 0...10_000_000).map { .integer($0) }
        return body
    }

    private func channel() throws(UsageError) -> String {
        PercentEncoding.encode(try arguments.operand(1, "the channel"))
    }

    private func ask(_ method: String, _ path: String, _ body: JSON = .null) throws -> JSON {
        try store.ask(method, path, body, for: .connecting)
    }

    private func describe(_ channel: JSON) throws {
        let card = ChannelCard(channel, environment)
        try print(arguments.has("json") ? card.json.text + "\n" : card.text)
    }

    private func print(_ text: String) throws {
        try Descriptor.standardOutput.write(Array(text.utf8))
    }
}
