import Accounts
import Database
import FunctionContract
import FunctionRuntime
import Inbound
import Providers
import Security

@main struct InboundWebhook {
    static func main() {
        serve(
            [
                Route(.post, "/webhooks/{provider}/{channel}", together: receive),
                Route(.post, "/webhooks/{provider}/{channel}/{event}", together: receive),
                Route(.get, "/webhooks/{provider}/{channel}", confirm),
            ],
            starting: Desk.init,
            manifest: PackageResources.function_json
        )
    }
}

/// The state that is kept between calls.
struct Desk {
    let connection: Connection
    var reception: Reception
    /// The platform's public address; nil when it is not configured. Some providers sign it.
    let publicURL: String?

    init(_ environment: Environment) throws {
        connection = try Connection(environment: environment.variables)
        let secrets = try SealedSecrets(masterKeys: environment["RELAIS_MASTER_KEYS"] ?? "")
        reception = Reception(connection, WebhookAddressees(connection, secrets))
        publicURL = environment["RELAIS_PUBLIC_URL"]
    }

    /// A provider without an answer in time delivers again, so an early 503 is better than a late
    /// answer.
    func limitTime(_ remaining: Duration) {
        connection.deadline = .now + min(remaining, .seconds(5))
    }
}

/// Stores webhooks that arrived together in one transaction.
func receive(_ calls: [HTTPCall], _ desk: inout Desk) -> [HTTPReply] {
    desk.limitTime(calls.map(\.context.remaining).min() ?? .zero)
    let arrivals = calls.map { arrival($0, desk.publicURL) }
    let now = calls.first?.context.now ?? Timestamp(milliseconds: 0)
    var errors = desk.reception.receive(arrivals.compactMap(\.self), now: now)[...]
    return zip(calls, arrivals).map { call, arrival in
        guard let arrival else { return refusal(.addressUnknown, call.context) }
        return errors.removeFirst().map { refusal($0, call.context) }
            ?? kept(arrival.address.provider)
    }
}

/// Returns nil for an address that no channel can have.
func arrival(_ call: HTTPCall, _ publicURL: String?) -> WebhookArrival? {
    address(in: call.event).map { WebhookArrival(delivery(of: call.event, publicURL), at: $0) }
}

/// Answers Meta's request to verify the address.
func confirm(_ event: HTTPEvent, _ context: Context, _ desk: inout Desk) -> HTTPReply {
    desk.limitTime(context.remaining)
    guard let address = address(in: event) else { return refusal(.addressUnknown, context) }
    do throws(InboundError) {
        let query = event.queryStringParameters
        let challenge = try desk.reception.handshake(query, at: address, now: context.now)
        return challenge.map { .text($0) }
            ?? .error(403, "forbidden", "the verify token is not one of this channel's")
    } catch {
        return refusal(error, context)
    }
}

func address(in event: HTTPEvent) -> WebhookAddress? {
    WebhookAddress(
        provider: event.pathParameters["provider"],
        channel: event.pathParameters["channel"]
    )
}

/// Providers that do not sign may pass a secret in the address: `?secret=…`.
func delivery(of event: HTTPEvent, _ publicURL: String?) -> WebhookDelivery {
    WebhookDelivery(
        headers: event.headers,
        body: event.body ?? [],
        addressSecret: event.queryStringParameters["secret"],
        addresses: addresses(of: event, publicURL)
    )
}

/// The addresses that the sender may have called: the public address first, then the requested
/// host. A proxy may have removed TLS, so both schemes are listed.
func addresses(of event: HTTPEvent, _ publicURL: String?) -> [String] {
    let query = event.rawQueryString.isEmpty ? "" : "?" + event.rawQueryString
    let host = event.headers["host"] ?? event.requestContext.domainName
    let own = publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    let bases = [own, "https://" + host, "http://" + host].compactMap { $0 }
    return bases.map { $0 + event.rawPath + query }
}

func kept(_ provider: Provider) -> HTTPReply {
    let reply = provider.webhookReply
    return HTTPReply(
        headers: ["content-type": reply.contentType],
        body: Array(reply.body.utf8),
        wake: ["inbound"]
    )
}

func refusal(_ error: InboundError, _ context: Context) -> HTTPReply {
    switch error {
    case .addressUnknown: return .error(404, "not_found", error.description)
    case .refused(.bodyMalformed): return .error(400, "bad_request", error.description)
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

/// Asks the provider to deliver the webhook again.
var notKept: HTTPReply {
    var reply = HTTPReply.error(503, "unavailable", "not kept: deliver it again")
    reply.headers["retry-after"] = "5"
    return reply
}
