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
    let arrivals = calls.map(arrival)
    let now = calls.first?.context.now ?? Timestamp(milliseconds: 0)
    var errors = desk.reception.receive(arrivals.compactMap(\.self), now: now)[...]
    return zip(calls, arrivals).map { call, arrival in
        if arrival == nil { return question(call, &desk) }
        return errors.removeFirst().map { refusal($0, call.context) } ?? kept
    }
}

/// Nil for a question, and for an address that no channel can have.
func arrival(_ call: HTTPCall) -> WebhookArrival? {
    guard call.event.method != "GET" else { return nil }
    return address(in: call.event).map { WebhookArrival(delivery(of: call.event), at: $0) }
}

/// Meta asks whether the address is ours.
func question(_ call: HTTPCall, _ desk: inout Desk) -> HTTPReply {
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
    case .tooManyStrangers:
        context.log.warning(error.description)
        return notKept
    case .database, .account:
        context.log.error(error.description)
        return notKept
    }
}

/// The provider delivers it again.
var notKept: HTTPReply {
    var reply = HTTPReply.error(503, "unavailable", "not kept: deliver it again")
    reply.headers["retry-after"] = "5"
    return reply
}
