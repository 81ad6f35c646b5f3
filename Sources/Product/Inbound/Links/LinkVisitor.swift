package import FunctionContract

/// The client that opens a link: a person, or a program that fetches previews.
package struct LinkVisitor: Sendable, Equatable {
    package let agent: String?
    package let isPerson: Bool

    package init(_ event: HTTPEvent) {
        agent = event.headers["user-agent"]
        isPerson =
            event.method == "GET" && !Self.isProgram(agent) && !Self.looksAhead(event.headers)
    }

    /// Whether the agent names itself as a program that previews, checks or indexes links. A
    /// missing agent counts as a program.
    private static func isProgram(_ agent: String?) -> Bool {
        guard let agent = agent?.lowercased(), !agent.isEmpty else { return true }
        // Cubot is a phone manufacturer, not a bot.
        let telling = agent.replacing("cubot", with: "")
        return programs.contains { telling.contains($0) }
    }

    private static func looksAhead(_ headers: HTTPFields) -> Bool {
        ["sec-purpose", "purpose", "x-purpose", "x-moz"].contains { name in
            let purpose = headers[name]?.lowercased() ?? ""
            return purpose.contains("prefetch") || purpose.contains("preview")
        }
    }

    private static let programs = [
        "bot", "crawler", "spider", "preview", "whatsapp/", "facebookexternalhit",
        "facebookcatalog",
        "meta-externalagent", "slack-imgproxy", "skypeuripreview", "vkshare", "embedly",
        "curl/", "wget/", "python-requests", "go-http-client", "headlesschrome", "monitoring",
        "safelinks", "barracuda", "mimecast",
    ]
}
