import FunctionContract
import FunctionRuntime

/// A channel as `channels show` prints it: its state, and the values to enter at its provider.
struct ChannelCard {
    private let channel: JSON
    private let base: URLPrefix?
    private let port: String

    init(_ channel: JSON, _ environment: Environment) {
        self.channel = channel
        base = environment["RELAIS_PUBLIC_URL"].map { URLPrefix($0) }
        port = environment["PORT"] ?? "8080"
    }

    var json: JSON {
        guard var object = channel.object, var webhook = object["webhook"]?.object else {
            return channel
        }
        webhook["url"] = .string(webhookURL)
        object["webhook"] = .object(webhook)
        return .object(object)
    }

    var text: String {
        let state = "\(word("provider")), \(word("status"))"
        return "\(word("name"))  \(state)\n" + Command.columns(rows) + notes
    }

    private var webhookURL: String {
        let secret = channel["webhook"]?["addressSecret"]?.string.map { "?secret=\($0)" } ?? ""
        return (base ?? URLPrefix("http://127.0.0.1:\(port)"))
            .url("/webhooks/\(word("provider"))/\(word("id"))\(secret)")
    }

    private var rows: [(String, String)] {
        let standing = channel["standing"]
        let account = channel.words("accountID").map { ", account \($0)" } ?? ""
        let phone = channel.words("phone").map { ", \($0)" } ?? ""
        let version = channel.words("apiVersion").map { "/\($0)" } ?? ""
        let quiet = channel.words("quiet").map { ", quiet \($0)" } ?? ""
        var rows = [
            ("channel", word("id")), ("workspace", word("workspace")),
            ("its id", word("externalID") + account + phone), ("API", word("url") + version),
            ("pacing", word("pacing")),
            (
                "a day",
                "\(word("dailyCap")), \(standing?.words("today") ?? "0") today"
                    + " (\(standing?.words("level") ?? "ok")), \(word("timezone"))\(quiet)"
            ),
            ("webhook URL", webhookURL),
        ]
        if let token = channel["webhook"]?.words("verifyToken") {
            rows.append(("verify token", token))
        }
        rows.append(("signing secret", "\(signingCount == 0 ? "none" : "\(signingCount)")"))
        rows.append(("last webhook", standing?.words("lastWebhook") ?? "none yet"))
        return rows + trouble
    }

    private var trouble: [(String, String)] {
        let standing = channel["standing"]
        var rows: [(String, String)] = []
        if let failed = standing?["failedWebhooks"]?.integer, failed > 0 {
            let more = standing?["failedWebhooksAreCapped"]?.bool == true ? "+" : ""
            rows.append(("not read", "\(failed)\(more) webhooks"))
        }
        if let reason = standing?["reason"], !reason.isNull {
            rows.append(("paused", reason.sentence))
        }
        if let until = standing?.words("heldUntil") {
            let reason = standing?["heldReason"] ?? .null
            rows.append(
                reason.isNull
                    ? ("next message", until) : ("held until", "\(until). \(reason.sentence)")
            )
        }
        if let limit = standing?.words("messagingLimit") { rows.append(("limit", limit)) }
        if let warning = standing?["warning"], !warning.isNull {
            rows.append(("warning", warning.sentence))
        }
        if let until = standing?.words("quietUntil") { rows.append(("quiet until", until)) }
        if standing?["knowsTimezone"]?.bool == false {
            rows.append(
                (
                    "time zone",
                    "the database server does not know \(word("timezone")): days and quiet hours "
                        + "go by UTC. Choose another with `local-runner channels set \(word("id")) "
                        + "--timezone`"
                )
            )
        }
        return rows
    }

    private var notes: String {
        var notes = ""
        if signingCount == 0, channel["signs"]?.bool == true {
            notes +=
                "Webhooks are refused until the provider's secret is known here: "
                + "`local-runner channels rotate \(word("id")) --secret`.\n"
        }
        if base == nil {
            notes +=
                "The provider must reach the webhook URL from outside: set RELAIS_PUBLIC_URL "
                + "to this platform's https address.\n"
        }
        return notes.isEmpty ? "" : "\n" + notes
    }

    private var signingCount: Int { channel["webhook"]?["signing"]?.integer ?? 0 }

    private func word(_ name: String) -> String { channel.words(name) ?? "" }
}

extension JSON {
    /// The member as text; nil when it is missing or null.
    func words(_ name: String) -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        return value.string ?? value.text
    }

    /// A stored reason: its code, the meaning and the provider's own words.
    var sentence: String {
        let code = words("code").map { "[\($0)] " } ?? ""
        let detail = words("detail").map { " (\($0))" } ?? ""
        return [code, words("fr") ?? "", detail].joined()
    }
}
