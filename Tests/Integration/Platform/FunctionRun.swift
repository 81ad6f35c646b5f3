import FunctionContract
import FunctionRuntime

/// One event for a function that was built with the tests, as the login of functions.
struct FunctionRun {
    let reply: [UInt8]
    let log: String

    /// A schedule's event, unless another is given.
    init(
        _ function: String,
        on database: PlatformDatabase?,
        event: Event? = nil,
        environment: [String: String] = [:]
    ) throws {
        var schedule = CloudEvent(id: "1", source: "/tests", type: CloudEvent.scheduleFired)
        schedule.time = Timestamp.now
        var variables = environment
        if let database, variables["DATABASE_URL"] == nil {
            variables["DATABASE_URL"] = database.url
        }
        let finished = try FinishedProcess(
            running: BuiltProduct.path(function),
            environment: variables,
            input: (event ?? .cloud(schedule)).bytes
        )
        reply = finished.output
        log = finished.errorText
    }

    var json: JSON { (try? JSONParser.parse(reply)) ?? .null }

    /// What an HTTP event was answered.
    var http: (status: Int, body: JSON)? {
        guard case .http(let reply)? = try? Reply.decodeHTTP(reply) else { return nil }
        return (reply.statusCode, (try? JSONParser.parse(reply.body)) ?? .null)
    }
}
