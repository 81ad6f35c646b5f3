import Accounts
import Database
import FunctionContract
import FunctionRuntime
import Inbound
import Providers
import Security

@main struct InboundWebhook {
    static func main() { serve(starting: Desk.init, together: receive) }
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

/// Webhooks that came together are kept together.
func receive(_ calls: [HTTPCall], _ desk: inout Desk) -> [HTTPReply] {
    // A provider that gets no answer in time delivers again: an early 503 is worth more.
    let remaining = calls.map(\.context.remaining).min() ?? .zero
    desk.connection.deadline = .now + min(remaining, .seconds(5))
    var replies = calls.map { _ in kept }
    var arrivals: [(place: Int, webhook: WebhookArrival)] = []
    for (place, call) in calls.enumerated() {
        if call.event.method == "GET" {
            replies[place] = handshake(call, &desk)
        } else if let address = address(in: call.event) {
            arrivals.append((place, WebhookArrival(delivery(of: call.event), at: address)))
        } else {
            replies[place] = refusal(.addressUnknown, call.context)
        }
    }
    guard let now = calls.first?.context.now else { return [] }
    let errors = desk.reception.receive(arrivals.map(\.webhook), now: now)
    for (place, error) in zip(arrivals.map(\.place), errors) {
        if let error { replies[place] = refusal(error, calls[place].context) }
    }
    return replies
}

/// Meta's question whether the address is ours.
func handshake(_ call: HTTPCall, _ desk: inout Desk) -> HTTPReply {
    guard let address = address(in: call.event) else {
        return refusal(.addressUnknown, call.context)
    }
    do throws(InboundError) {
        let query = call.event.queryStringParameters
        let challenge = try desk.reception.handshake(query, at: address, now: call.context.now)
        return challenge.map { .text($0) }
            ?? .error(403, "forbidden", "the verify token is not one of this channel's")
    } catch {
        return refusal(error, call.context)
    }
}

func address(in event: HTTPEvent) -> WebhookAddress? {
    WebhookAddress(
        provider: event.pathParameters["provider"],
        channel: event.pathParameters["channel"]
    )
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
