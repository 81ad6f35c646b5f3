import Campaigns
import Database
import FunctionContract
import FunctionRuntime
import Inbound
import Messages

@main struct LinkRedirect {
    static func main() {
        serve(
            [Route(.get, "/l/{token}", redirect)],
            starting: { try Connection(environment: $0.variables) },
            manifest: PackageResources.function_json
        )
    }
}

func redirect(
    _ event: HTTPEvent,
    _ context: Context,
    _ connection: inout Connection
) -> HTTPReply {
    guard let token = LinkToken(event.pathParameters["token"] ?? "") else { return missing }
    connection.deadline = .now + context.remaining
    do throws(InboundError) {
        let link = try Links.open(token, by: LinkVisitor(event), on: connection)
        return link.map(leading) ?? missing
    } catch {
        context.log.error(error.description)
        return unavailable
    }
}

/// The redirect must not be cached: every click has to come here to be counted.
func leading(to link: WebLink) -> HTTPReply {
    HTTPReply(
        statusCode: 302,
        headers: [
            "location": link.location,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-robots-tag": "noindex",
        ]
    )
}

let missing = page(
    404,
    french: "Ce lien n'existe pas ou n'existe plus.",
    english: "This link does not exist, or no longer does."
)

let unavailable = page(
    503,
    french: "Ce lien ne peut pas être ouvert pour le moment. Réessayez dans un instant.",
    english: "This link cannot be opened right now. Try again in a moment."
)

func page(_ status: Int, french: String, english: String) -> HTTPReply {
    let html = """
        <!doctype html><html lang="fr"><meta charset="utf-8"><title>\(french)</title>
        <meta name="viewport" content="width=device-width"><body style="font-family:sans-serif">
        <p>\(french)</p><p lang="en">\(english)</p></body></html>

        """
    return HTTPReply(
        statusCode: status,
        headers: ["content-type": "text/html; charset=utf-8", "cache-control": "no-store"],
        body: Array(html.utf8)
    )
}
