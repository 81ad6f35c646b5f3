import Accounts
import Database
import FunctionContract
import FunctionRuntime
import Inbound
import Providers
import Security

@main struct InboundWebhook {
    static func main() { serve(starting: Desk.init, http: receive) }
}

/// What is kept between webhooks.
struct Desk {
    let connection: Connection
    var reception: Reception

    init(_ environment: Environment) throws {
        connection = try Connection(environment: environment.variables)
        let secrets = try SealedSecrets(masterKeys: environment["RELAIS_MASTER_KEYS"] ?? "")
        reception = Reception(connection, WebhookAddressees(connection, secrets))
    }
}

func receive(_ event: HTTPEvent, _ context: Context, _ desk: inout Desk) -> HTTPReply {
    guard
        let address = WebhookAddress(
            provider: event.pathParameters["provider"],
            channel: event.pathParameters["channel"]
        )
    else { return refusal(.addressUnknown, context) }
    // A provider that gets no answer in time delivers again: an early 503 is worth more.
    desk.connection.deadline = .now + min(context.remaining, .seconds(5))
    do throws(InboundError) {
        if event.method == "GET" {
            let query = event.queryStringParameters
            let challenge = try desk.reception.handshake(query, at: address, now: context.now)
            return challenge.map { .text($0) }
                ?? .error(403, "forbidden", "the verify token is not one of this channel's")
        }
        try desk.reception.receive(delivery(of: event), at: address, now: context.now)
        return kept
    } catch {
        return refusal(error, context)
    }
}

/// The address may carry a secret, for providers that sign nothing: `?secret=…`.
func delivery(of event: HTTPEvent) -> WebhookDelivery {
    WebhookDelivery(
        headers: event.headers,
        body: event.body ?? [],
        addressSecret: event.queryStringParameters["secret"]
    )
}

let kept = HTTPReply(
    headers: ["content-type": "application/json"],
    body: Array("{}".utf8),
    wake: ["inbound"]
)

func refusal(_ error: InboundError, _ context: Context) -> HTTPReply {
    switch error {
    case .addressUnknown: return .error(404, "not_found", error.description)
    case .refused(.bodyNotJSON): return .error(400, "bad_request", error.description)
    case .refused:
        context.log.warning(error.description)
        return .error(401, "unauthorized", error.description)
    case .database, .account:
        context.log.error(error.description)
        var reply = HTTPReply.error(503, "unavailable", "not kept: deliver it again")
        reply.headers["retry-after"] = "5"
        return reply
    }
}
