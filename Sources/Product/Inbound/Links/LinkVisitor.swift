package import FunctionContract

/// Who opens a link: a person, or a program that looks ahead for one.
package struct LinkVisitor: Sendable, Equatable {
    package let agent: String?
    package let isPerson: Bool

    package init(_ event: HTTPEvent) {
        agent = event.headers["user-agent"]
        isPerson =
            event.method == "GET" && !Self.isProgram(agent) && !Self.looksAhead(event.headers)
    }

    /// Programs that fetch a link to show what is behind it, or to check or index it: they say so.
    private static func isProgram(_ agent: String?) -> Bool {
        guard let agent = agent?.lowercased(), !agent.isEmpty else { return true }
        // Cubot is a maker of phones.
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
