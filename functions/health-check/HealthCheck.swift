import FunctionContract
import FunctionRuntime

@main struct HealthCheck {
    static func main() {
        serve(starting: { _ in systemClock() }, http: health)
    }
}

/// What an operator asks first: which version, since when, and what is out of reach.
func health(_ event: HTTPEvent, _ context: Context, _ started: inout Timestamp) -> HTTPReply {
    let platformStart = context.environment["RELAIS_STARTED_AT"].flatMap(Timestamp.init(rfc3339:))
    let since = platformStart ?? started
    return .json([
        "status": "ok",
        "version": .string(productVersion),
        "startedAt": .string(since.rfc3339),
        "uptimeSeconds": .integer(Int((context.now.milliseconds - since.milliseconds) / 1000)),
        "checks": ["database": "not configured"],
    ])
}
