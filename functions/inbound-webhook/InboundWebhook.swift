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

    init(_ environment: Environment) throws {
        connection = try Connection(environment: environment.variables)
        let secrets = try SealedSecrets(masterKeys: environment["RELAIS_MASTER_KEYS"] ?? "")
        reception = Reception(
            connection,
            WebhookAddressees(connection, secrets),
            publicURL: environment["RELAIS_PUBLIC_URL"].map { URLPrefix($0) }
        )
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
    let now = calls.first?.context.now ?? Timestamp(milliseconds: 0)
    return zip(calls, desk.reception.receive(calls.map(\.event), now: now)).map { call, outcome in
        switch outcome {
        case .success(let reply): reply
        case .failure(let error): refusal(error, call.context)
        }
    }
}

/// Answers Meta's request to verify the address.
func confirm(_ event: HTTPEvent, _ context: Context, _ desk: inout Desk) -> HTTPReply {
    desk.limitTime(context.remaining)
    do throws(InboundError) {
        return try desk.reception.handshake(event, now: context.now)
            ?? .error(403, "forbidden", "the verify token is not one of this channel's")
    } catch {
        return refusal(error, context)
    }
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
